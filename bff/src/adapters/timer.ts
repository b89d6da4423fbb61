import { pause } from '@alpes/messaging';
import type { Logger, Worker } from '@alpes/service-kit';

interface Options {
  readonly what: string;
  readonly everyMs: number;
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
}

/** Does its work at the start and then again and again; what fails is done the next time. */
export function timer({ what, everyMs, work, logger }: Options): Worker {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await work(signal).catch((err: unknown) => {
        logger.warn({ err }, `${what}: failed, tried again in ${everyMs} ms`);
      });
      await pause(everyMs, signal);
    }
  };
  return {
    start: () => {
      running = run(stopping.signal);
    },
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
