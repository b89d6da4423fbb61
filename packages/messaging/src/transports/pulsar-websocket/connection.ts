import { type Backoff, delayAfter, pause } from '../../backoff.js';
import { AlpesError } from '../../errors.js';
import type { Socket, SocketHandlers } from './socket.js';

/** A connection that is opened again whenever it is lost, until it is closed. */
export interface Connection {
  /** Why it is not there at present. */
  failure(): AlpesError | undefined;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  open(handlers: SocketHandlers, signal: AbortSignal): Promise<Socket>;
  /** Called with each new socket. */
  onOpen(socket: Socket): void;
  onMessage(text: string): void;
}

/** A broker that was killed is back after 5 s at the earliest; one that only dropped us takes us at once. */
const RECONNECT: Backoff = { firstMs: 100, maxMs: 3_000 };

/** Connects; rejects if that fails the first time. */
export async function keepConnected({ open, onOpen, onMessage }: ConnectionOptions): Promise<Connection> {
  const closing = new AbortController();
  let socket: Socket | undefined;
  let failure: AlpesError | undefined;

  const connect = async (): Promise<void> => {
    const opened = await open({ onMessage, onClose: lose }, closing.signal);
    [socket, failure] = [opened, undefined];
    onOpen(opened);
    if (closing.signal.aborted) await opened.close();
  };
  const reconnect = async (): Promise<void> => {
    for (let failures = 1; ; failures += 1) {
      await pause(delayAfter(failures, RECONNECT), closing.signal);
      if (closing.signal.aborted) return;
      try {
        return await connect();
      } catch (thrown) {
        failure = AlpesError.from(thrown);
      }
    }
  };
  const lose = (error: AlpesError): void => {
    [socket, failure] = [undefined, error];
    void reconnect();
  };

  await connect();
  return {
    failure: () => failure,
    close: async () => {
      closing.abort();
      await socket?.close();
    },
  };
}
