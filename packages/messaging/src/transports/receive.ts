import { AlpesError } from '../errors.js';
import { isWholeBatch } from '../size-limit.js';
import type { ReceivedMessage, Subscription } from '../subscriber.js';
import { createWake } from '../wake.js';

/** How the consumer of one subscription waits for messages. */
export interface Receiver {
  readonly receive: Subscription['receive'];
  /** Says that there may be something to read. */
  wake(): void;
  /** Ends the wait that is under way, which then has received nothing; later ones reject with `unavailable`. */
  close(): void;
}

/**
 * Reads until there is something, the time is over or nobody wants it any more; at least every `pollMs`. After a read that
 * gave less than it could have it does not read again before it is woken.
 */
export function createReceiver(read: (max: number) => Promise<readonly ReceivedMessage[]>, pollMs: number): Receiver {
  const wake = createWake();
  let mayBeMore = true;
  const closing = new AbortController();
  return {
    wake: wake.wake,
    close: () => {
      closing.abort();
      wake.wake();
    },
    receive: async (max, waitMs, signal) => {
      if (closing.signal.aborted) throw new AlpesError('unavailable', 'the subscription was closed');
      const deadline = performance.now() + waitMs;
      while (!closing.signal.aborted && !signal.aborted) {
        const messages = mayBeMore ? await read(max) : [];
        mayBeMore = isWholeBatch(messages, max);
        const left = deadline - performance.now();
        if (messages.length > 0 || left <= 0) return messages;
        await wake.wait(Math.min(left, pollMs), signal);
        mayBeMore = true;
      }
      return [];
    },
  };
}
