import { AlpesError, type Backoff, delayAfter, type Logger, pause } from '@alpes/messaging';

interface Options {
  readonly backoff: Backoff;
  readonly logger: Logger;
}

/**
 * Repeats `work`, with growing delays, for as long as its error is transient; undefined if `signal` is aborted before it
 * is done. Other errors are thrown. All who use one of these together say once that the database is away, and once that
 * it is back.
 */
export function surviveOutages({ backoff, logger }: Options) {
  let away = false;
  const note = (error: AlpesError | undefined): void => {
    if (error !== undefined && !away) logger.warn({ err: error }, 'payment worker: database away, waiting for it');
    if (error === undefined && away) logger.info({}, 'payment worker: database back');
    away = error !== undefined;
  };
  return async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<{ readonly value: T } | undefined> => {
    for (let failures = 1; ; failures += 1) {
      try {
        const value = await work();
        note(undefined);
        return { value };
      } catch (thrown) {
        const error = AlpesError.from(thrown);
        if (error.nature !== 'transient') throw error;
        // A conflict is an answer.
        note(error.code === 'unavailable' ? error : undefined);
      }
      await pause(delayAfter(failures, backoff), signal);
      if (signal.aborted) return undefined;
    }
  };
}

export type SurviveOutages = ReturnType<typeof surviveOutages>;
