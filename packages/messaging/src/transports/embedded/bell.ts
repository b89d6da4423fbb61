import { listen } from '../../postgres/listener.js';

/** Calls whoever waits for something of this name, in every process. */
export interface Bell {
  ring(name: string): void;
  listen(name: string, callback: () => void): () => void;
  close(): Promise<void>;
}

export function createBell(databaseUrl: string): Bell {
  const listeners = new Set<{ readonly name: string; readonly callback: () => void }>();
  const listener = listen({
    databaseUrl,
    channel: 'alpes_log',
    onNotify: (name) => {
      for (const one of listeners) if (name === undefined || one.name === name) one.callback();
    },
  });
  return {
    ring: (name) => {
      listener.notify(name);
    },
    listen: (name, callback) => {
      const entry = { name, callback };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    close: () => listener.close(),
  };
}
