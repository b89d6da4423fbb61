import { AlpesError } from './errors.js';

/**
 * Does for many callers at once what one alone would ask for: what comes while a batch is under way goes into the next. So
 * nobody waits for company, and whoever is busy still works in batches.
 */
export interface Batcher<Item, Result> {
  /**
   * Resolves to what came of the item, or rejects with what its batch failed with. Batches are done in the order of the
   * calls, one at a time. When the signal is aborted, an item that still waits for its batch is forgotten, and its caller
   * gets the reason; one that is under way goes on.
   */
  add(item: Item, signal?: AbortSignal): Promise<Result>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** `work` gives a result for each item; `lengthOf` says how many of those that wait are its next batch. */
export function createBatcher<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  lengthOf: (waiting: readonly Item[]) => number,
): Batcher<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let busy = false;

  const drain = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, lengthOf(waiting.map(({ item }) => item)));
      try {
        const results = await work(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
      } catch (thrown) {
        const error = AlpesError.from(thrown);
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  };

  return {
    add: (item, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const entry = { item, resolve, reject };
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
