import type { Batch, Middleware } from '../consumer/pipeline.js';
import { AlpesError, needsOtherSchema } from '../errors.js';
import type { Logger } from '../logger.js';
import { traceIdOf } from '../trace-context.js';

/** Logs what failed: a message tried alone with its ids and trace, a batch with its size. */
export function logging(logger: Logger): Middleware {
  return (next) => async (batch) => {
    try {
      await next(batch);
    } catch (thrown) {
      const error = AlpesError.from(thrown);
      // An outage is logged once, by who waits for its end; so is a table that is not there.
      const isToldOnce = error.code === 'unavailable' && (!batch.isolated || needsOtherSchema(error));
      if (!isToldOnce) logger.warn({ err: error, code: error.code, ...describe(batch) }, 'handling failed');
      throw error;
    }
  };
}

function describe({ deliveries, type, subscription, isolated }: Batch): object {
  const [delivery] = deliveries;
  if (!isolated || delivery === undefined) return { message: type, subscription, batch: deliveries.length };
  const { id, subject, traceparent } = delivery.envelope;
  return { message: type, subscription, messageId: id, subject, traceId: traceIdOf(traceparent) };
}
