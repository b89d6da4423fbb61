import { AlpesError } from './errors.js';
import type { Publisher, TransportMessage } from './publisher.js';
import { assertPublishable, batchLength } from './size-limit.js';

interface Waiting {
  readonly message: TransportMessage;
  readonly settle: (error: Error | undefined) => void;
}

/**
 * Publishes single messages, of many callers at once, in batches: what comes while a batch is under way goes into the
 * next. So nobody waits for company, and a busy publisher still publishes in batches.
 */
export interface BatchingPublisher {
  /**
   * Resolves when the broker has confirmed the message; rejects with the reason otherwise, or with `payload-too-large`.
   * Messages go out in the order of the calls; one that fails does not keep back those of other callers behind it.
   * When the signal is aborted, a message that still waits for its batch is forgotten, and its caller gets the reason;
   * one that is under way goes on.
   */
  publish(message: TransportMessage, signal?: AbortSignal): Promise<void>;
}

/** A batch is of `batchSize` messages at most, and of fewer if they are large: see `batchLength`. */
export function createBatchingPublisher(publisher: Publisher, { batchSize }: { batchSize: number }): BatchingPublisher {
  const waiting: Waiting[] = [];
  let busy = false;

  const drain = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const messages = waiting.slice(0, batchSize).map(({ message }) => message);
      const batch = waiting.splice(0, batchLength(messages, batchSize));
      const results = await publishAll(publisher, messages.slice(0, batch.length));
      batch.forEach(({ settle }, index) => {
        settle(results[index]);
      });
    }
    busy = false;
  };

  return {
    publish: (message, signal) =>
      new Promise((resolve, reject) => {
        assertPublishable(message);
        signal?.throwIfAborted();
        const entry: Waiting = { message, settle: (error) => (error === undefined ? resolve() : reject(error)) };
        waiting.push(entry);
        signal?.addEventListener('abort', () => {
          const place = waiting.indexOf(entry);
          if (place < 0) return;
          waiting.splice(place, 1);
          reject(AlpesError.from(signal.reason));
        });
        if (!busy) void drain();
      }),
  };
}

/** A publisher that rejects, though it should not, has confirmed nothing; who comes next is served all the same. */
async function publishAll(publisher: Publisher, messages: readonly TransportMessage[]) {
  try {
    return await publisher.publish(messages);
  } catch (thrown) {
    const error = AlpesError.from(thrown);
    return messages.map(() => error);
  }
}
