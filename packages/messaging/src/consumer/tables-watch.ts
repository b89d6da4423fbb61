import { type Backoff, delayAfter, type Note, pause } from '../backoff.js';
import type { AlpesError } from '../errors.js';

/**
 * Whether the tables are those that the handler of a subscription needs, as far as its messages tell. One that lacks a table
 * or column may do so because the program and the tables are of different versions, and then it has to wait; or because
 * of a fault in the handler, and then others get through meanwhile.
 */
export interface TablesWatch {
  /** What the latest try lacked, unless the handler has got through with other messages since. */
  lack(): AlpesError | undefined;
  /** How often the handler has got through. */
  passes(): number;
  /** The handler has got through. */
  passed(): void;
  /** A try lacked a table or column. Waits, longer each time in a row. */
  lacked(error: AlpesError, signal: AbortSignal): Promise<void>;
}

export function createTablesWatch(outage: Backoff, note: Note): TablesWatch {
  let passes = 0;
  let failures = 0;
  let lack: AlpesError | undefined;
  return {
    lack: () => lack,
    passes: () => passes,
    passed: () => {
      passes += 1;
      [failures, lack] = [0, undefined];
      note(undefined);
    },
    lacked: async (error, signal) => {
      failures += 1;
      lack = error;
      note(error);
      await pause(delayAfter(failures, outage), signal);
    },
  };
}
