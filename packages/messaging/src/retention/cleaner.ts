import { Counter, type Registry } from 'prom-client';
import { pause } from '../backoff.js';
import { AlpesError } from '../errors.js';
import type { Logger } from '../logger.js';

/**
 * Deletes at most `limit` rows whose time is over, the oldest first, and returns how many. Waits for nobody's lock, so
 * that two that do it at once share the work.
 */
export type DeleteStep = (limit: number) => Promise<number>;

export interface CleanerOptions {
  /** By the name of the table that each cleans. */
  readonly steps: Readonly<Record<string, DeleteStep>>;
  /** How long in ms to rest between two rounds. */
  readonly everyMs: number;
  readonly logger: Logger;
  /** Gets the counter `alpes_rows_deleted_total`. */
  readonly registry: Registry;
}

/** Cleans tables in the background, in every replica. */
export interface Cleaner {
  start(): void;
  /** Begins no further step. */
  stop(): Promise<void>;
}

/** Most rows of one step: it takes milliseconds, and its locks and its place in the log of the database are small. */
const STEP = 1_000;
/** Rest between two steps in ms: the database belongs to the work. */
const REST_MS = 100;

/**
 * Cleans one table after the other, each until nothing is left to do, and again after `everyMs`. Begins with that rest:
 * what a service that was away for long has handled and not acknowledged comes again before its inbox forgets it. What
 * fails is done in a later round; an outage is one line in the log when it begins, and one when it ends.
 */
export function createCleaner({ steps, everyMs, logger, registry }: CleanerOptions): Cleaner {
  const stopping = new AbortController();
  const { signal } = stopping;
  const deleted = createCounter(registry);

  const clean = async (table: string, deleteStep: DeleteStep): Promise<void> => {
    for (let count = STEP; count >= STEP && !signal.aborted;) {
      count = await deleteStep(STEP);
      deleted.inc({ table }, count);
      if (count >= STEP) await pause(REST_MS, signal);
    }
  };

  /** What went wrong first. One table that can't be cleaned keeps none of the others from it. */
  const round = async (): Promise<{ table: string; err: AlpesError } | undefined> => {
    const failures: { table: string; err: AlpesError }[] = [];
    for (const [table, deleteStep] of Object.entries(steps)) {
      await clean(table, deleteStep).catch((thrown: unknown) => {
        failures.push({ table, err: AlpesError.from(thrown) });
      });
    }
    return failures[0];
  };

  const run = async (): Promise<void> => {
    for (let failures = 0; ;) {
      await pause(everyMs, signal);
      if (signal.aborted) return;
      const failure = await round();
      if (failure === undefined && failures > 0) logger.info({ failures }, 'cleaning: works again');
      if (failure !== undefined && failures === 0) logger.warn(failure, 'cleaning: failed, trying until it works');
      failures = failure === undefined ? 0 : failures + 1;
    }
  };

  let running: Promise<void> = Promise.resolve();
  return {
    start: () => {
      running = run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

function createCounter(registry: Registry): Counter<'table'> {
  return new Counter({
    name: 'alpes_rows_deleted_total',
    help: 'Rows deleted because their time was over',
    labelNames: ['table'],
    registers: [registry],
  });
}
