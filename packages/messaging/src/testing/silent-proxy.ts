import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and can swallow all that they say, as a broken network does. */
export interface SilentProxy {
  /** The server's URL by way of the proxy. */
  readonly url: string;
  /** From now on nothing gets through, neither data nor the end of a connection; new connections are not answered. */
  silence(): void;
  /**
   * Ends the silence. With `all` it was a delay: what was said meanwhile arrives now. With `new` the connections of
   * before stay silent for ever, and only those that are made from now on get through.
   */
  speak(which: 'all' | 'new'): void;
  close(): Promise<void>;
}

/** Opens one on a port of its own. */
export async function openSilentProxy(serverUrl: string): Promise<SilentProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let silent = false;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    // Who breaks a connection is told to nobody but its other side.
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    if (silent) socket.pause();
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port), allowHalfOpen: true });
    forward(client, upstream);
    forward(upstream, client);
    keep(client);
    keep(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    silence: () => {
      silent = true;
      for (const socket of sockets) socket.pause();
    },
    speak: (which) => {
      silent = false;
      if (which === 'all') for (const socket of sockets) socket.resume();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A socket that is paused reads neither data nor the end of it. */
function forward(from: Socket, to: Socket): void {
  from.on('data', (data) => to.write(data));
  from.on('end', () => to.end());
  from.on('close', () => to.destroy());
}
