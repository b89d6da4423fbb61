import { createBatcher } from './batcher.js';
import type { Publisher, TransportMessage } from './publisher.js';
import { assertPublishable, batchLength } from './size-limit.js';

/** Publishes single messages, of many callers at once, in batches: see {@link createBatcher}. */
export interface BatchingPublisher {
  /**
   * Resolves when the broker has confirmed the message; rejects with the reason otherwise, or with `payload-too-large`.
   * Messages go out in the order of the calls; one that fails does not keep back those of other callers behind it.
   * When the signal is aborted, a message that still waits for its batch is forgotten, and its caller gets the reason;
   * one that is under way goes on.
   */
  publish(message: TransportMessage, signal?: AbortSignal): Promise<void>;
}

/** A batch is of `batchSize` messages at most, and of fewer if they are large: see {@link batchLength}. */
export function createBatchingPublisher(publisher: Publisher, { batchSize }: { batchSize: number }): BatchingPublisher {
  const batcher = createBatcher(
    (messages: readonly TransportMessage[]) => publisher.publish(messages),
    (waiting) => batchLength(waiting, batchSize),
  );
  return {
    publish: async (message, signal) => {
      const error = await batcher.add(assertPublishable(message), signal);
      if (error !== undefined) throw error;
    },
  };
}
