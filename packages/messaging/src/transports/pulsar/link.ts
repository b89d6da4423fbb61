import type { AlpesError } from '../../errors.js';
import type { TransportMessage } from '../../publisher.js';
import type { Outstanding } from './outstanding.js';

/** One connection of a producer. When a message fails, so do all behind it that are not confirmed: it is over. */
export interface Link {
  /** As {@link Publisher.publish}, with messages of one topic only. */
  publish(messages: readonly TransportMessage[]): Promise<readonly (AlpesError | undefined)[]>;
  isOver(): boolean;
  close(): Promise<void>;
}

/** Sends as many at a time as may wait for their confirmation. */
export async function sendAll(
  outstanding: Outstanding,
  messages: readonly TransportMessage[],
  send: (message: TransportMessage, context: string) => void,
): Promise<readonly (AlpesError | undefined)[]> {
  const results: Promise<AlpesError | undefined>[] = [];
  for (const message of messages) {
    await outstanding.room();
    results.push(outstanding.add(message.payload.byteLength, (context) => send(message, context)));
  }
  return Promise.all(results);
}
