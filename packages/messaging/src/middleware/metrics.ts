import type { Middleware } from '../consumer/pipeline.js';
import type { MessagingMetrics } from '../metrics.js';

/**
 * Counts the handled and the failed messages and measures how long a batch takes. Of a batch that failed nobody knows
 * yet which message it was: each is tried alone then, and that is counted.
 */
export function metrics({ handled, failed, processDuration }: MessagingMetrics): Middleware {
  return (next) => async (batch) => {
    const labels = { message: batch.type, subscription: batch.subscription };
    const stop = processDuration.startTimer(labels);
    try {
      await next(batch);
      handled.inc(labels, batch.deliveries.length);
    } catch (error) {
      if (batch.isolated) failed.inc(labels);
      throw error;
    } finally {
      stop();
    }
  };
}
