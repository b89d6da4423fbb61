import { quantile } from '../quantile.js';
import { mayGrow, type Table } from './tables.js';

/** A process's resident memory over time, in bytes. */
export interface Memory {
  readonly name: string;
  readonly samples: readonly number[];
}

/** How much more memory a process may have in the end than when it was warm. */
const MOST_GROWTH = 0.05;
/** A table that may not grow has no more rows in the end than are under way in some seconds, … */
const MOST_ROWS = 500;
/** … and no more bytes, beyond what vacuum lags behind, than when the system was warm. */
const MOST_BYTES = 2 * 2 ** 20;

/** As a share of what it was: the median of the last tenth beside that of the first. */
export function growthOf({ samples }: Memory): number {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const [first, last] = [median(samples.slice(0, tenth)), median(samples.slice(-tenth))];
  return first === 0 ? 0 : last / first - 1;
}

const median = (values: readonly number[]): number => quantile(values, 0.5) ?? 0;

/** What has grown and should not have, for a person. */
export function growthFindings(memories: readonly Memory[], warm: readonly Table[], end: readonly Table[]): string[] {
  const processes = memories
    .filter((memory) => growthOf(memory) > MOST_GROWTH)
    .map((memory) => `the memory of ${memory.name} has grown by ${(100 * growthOf(memory)).toFixed(1)} %`);
  const tables = end
    .filter((table) => !mayGrow(table))
    .flatMap(({ name, rows, bytes }) => {
      const before = warm.find((one) => one.name === name)?.bytes ?? 0;
      if (rows > MOST_ROWS) return [`the table ${name} has ${rows} rows in the end`];
      return bytes > before + MOST_BYTES ? [`the table ${name} has grown from ${before} to ${bytes} bytes`] : [];
    });
  return [...processes, ...tables];
}
