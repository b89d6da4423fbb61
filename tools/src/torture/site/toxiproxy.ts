import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { goInstall, hasGo } from '../../go/go.js';
import { keepFolder } from '../../keep-folder.js';
import { freePort } from '../../postgres/ports.js';
import { readSettings } from '../../pulsar/settings.js';
import { untilAnswers } from '../../until-answers.js';

/** https://github.com/Shopify/toxiproxy: a proxy whose connections can be told to be bad. */
const VERSION = 'v2.5.0';
const COMMAND = `github.com/Shopify/toxiproxy/v2/cmd/server@${VERSION}`;
const START_MS = 10_000;

/** What a connection suffers from, in toxiproxy's words. */
export interface Toxic {
  readonly type: 'latency' | 'bandwidth' | 'timeout' | 'reset_peer' | 'slow_close' | 'slicer';
  /** `upstream`: what the client says; `downstream`: what it is told. */
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** Stands between clients and a server. */
export interface Proxy {
  /** Of the loopback interface. */
  readonly port: number;
  /** Ends all connections and refuses new ones; with true it takes them again. */
  enable(enabled: boolean): Promise<void>;
  poison(toxic: Toxic): Promise<void>;
  /** Takes all toxics away. */
  cure(): Promise<void>;
}

export interface Toxiproxy {
  /** Opens a proxy to `upstream`, host and port. */
  open(name: string, upstream: string): Promise<Proxy>;
  stop(): Promise<void>;
}

/** Undefined where there is no Go to build it with. */
export async function startToxiproxy(): Promise<Toxiproxy | undefined> {
  if (!hasGo()) return undefined;
  const folder = await keepFolder(join(readSettings(process.env).cacheDir, `toxiproxy-${VERSION}`), (unfinished) =>
    goInstall(unfinished, [COMMAND]),
  );
  const port = await freePort();
  const args = ['-host', '127.0.0.1', '-port', String(port)];
  // A terminal's Ctrl-C is for us: who uses the proxies ends before they do.
  const child = spawn(join(folder, 'server'), args, { stdio: 'ignore', detached: true });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(child, { name: 'toxiproxy', url: `${url}/version`, timeoutMs: START_MS });
  return {
    open: (name, upstream) => openProxy(url, name, upstream),
    stop: () => stop(child),
  };
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    if (!child.kill('SIGKILL')) resolve();
  });
}

async function openProxy(url: string, name: string, upstream: string): Promise<Proxy> {
  const made = await ask(`${url}/proxies`, 'POST', { name, upstream, listen: '127.0.0.1:0', enabled: true });
  const { listen } = made as { listen: string };
  const mine = `${url}/proxies/${name}`;
  const toxics = new Set<string>();
  return {
    port: Number(listen.split(':').at(-1)),
    enable: async (enabled) => void (await ask(mine, 'POST', { enabled, listen, upstream })),
    poison: async (toxic) => {
      const { name: given } = (await ask(`${mine}/toxics`, 'POST', toxic)) as { name: string };
      toxics.add(given);
    },
    cure: async () => {
      for (const toxic of toxics) await ask(`${mine}/toxics/${toxic}`, 'DELETE');
      toxics.clear();
    },
  };
}

async function ask(url: string, method: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`toxiproxy refuses ${method} ${url}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
