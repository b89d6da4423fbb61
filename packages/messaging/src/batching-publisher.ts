import type { Publisher, TransportMessage } from './publisher.js';
import { assertPublishable } from './size-limit.js';

interface Waiting {
  readonly message: TransportMessage;
  readonly settle: (error: Error | undefined) => void;
}

/**
 * Publishes single messages, of many callers at once, in batches: what comes while a batch is under way goes into the
 * next. So nobody waits for company, and a busy publisher still publishes in batches.
 */
export interface BatchingPublisher {
  /** Resolves when the broker has confirmed the message; rejects with the reason otherwise. */
  publish(message: TransportMessage): Promise<void>;
}

export function createBatchingPublisher(publisher: Publisher, { batchSize }: { batchSize: number }): BatchingPublisher {
  const waiting: Waiting[] = [];
  let busy = false;

  const drain = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchSize);
      const results = await publisher.publish(batch.map(({ message }) => message));
      batch.forEach(({ settle }, index) => {
        settle(results[index]);
      });
    }
    busy = false;
  };

  return {
    publish: (message) =>
      new Promise((resolve, reject) => {
        assertPublishable(message);
        waiting.push({ message, settle: (error) => (error === undefined ? resolve() : reject(error)) });
        if (!busy) void drain();
      }),
  };
}
