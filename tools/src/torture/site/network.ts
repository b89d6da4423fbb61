import { startToxiproxy, type Proxy } from './toxiproxy.js';

/** The ways from the processes to what they need, and from the clients to the BFF. */
export interface Network {
  /** Leads a way through a proxy: resolves to the URL by which it is used from now on. */
  lead(name: string, url: string): Promise<string>;
  /** The ways that can be disturbed, by name. */
  readonly ways: ReadonlyMap<string, Proxy>;
  close(): Promise<void>;
}

/** Without Go there are no proxies, every way is the straight one, and none can be disturbed. */
export async function openNetwork(): Promise<Network> {
  const toxiproxy = await startToxiproxy();
  const ways = new Map<string, Proxy>();
  return {
    ways,
    lead: async (name, url) => {
      if (toxiproxy === undefined) return url;
      const { hostname, port } = new URL(url);
      const proxy = await toxiproxy.open(name, `${hostname}:${port}`);
      ways.set(name, proxy);
      const led = new URL(url);
      led.port = String(proxy.port);
      return led.href.replace(/\/$/, '');
    },
    close: async () => toxiproxy?.stop(),
  };
}
