import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '@alpes/messaging/testing';

/** A client that speaks HTTP byte by byte, as no library would. */
export interface RawClient {
  readonly socket: Socket;
  write(text: string): void;
  /** What came so far. */
  text(): string;
  /** Waits until what came has this in it; returns all of it. */
  until(expected: string): Promise<string>;
  /** All that came, once the connection was closed. */
  readonly closed: Promise<string>;
}

/** Connects to a server at a port of this machine. */
export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  const text = (): string => Buffer.concat(chunks).toString();
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = once(socket, 'close').then(text);
  await Promise.race([once(socket, 'connect'), closed]);
  return {
    ...{ socket, text, closed },
    write: (bytes) => void socket.write(bytes),
    until: async (expected) => {
      await eventually(() => text().includes(expected), { timeoutMs: 10_000, what: `"${expected}" comes` });
      return text();
    },
  };
}
