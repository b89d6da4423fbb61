import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countOf, type Finding, type Kind, KINDS } from './findings.js';
import type { Cell } from './scenario.js';

/** What came of a run, as it is kept. */
export interface Result extends Cell {
  readonly crashed: boolean;
  readonly messages: number;
  readonly counts: Readonly<Record<Kind, number>>;
  /** How long it took. */
  readonly ms: number;
}

/** The results of all runs with one first seed, in a file that is added to: what was done is not done again. */
export interface Results {
  /** Of this run, if it was clean before. */
  clean(cell: Cell): Result | undefined;
  add(result: Result): void;
}

export function isClean({ crashed, counts }: Result): boolean {
  return crashed && KINDS.every((kind) => counts[kind] === 0);
}

export function resultOf(
  { point, action, seed }: Cell,
  { crashed, messages, findings }: { crashed: boolean; messages: number; findings: readonly Finding[] },
  ms: number,
): Result {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, countOf(kind, findings)])) as Record<Kind, number>;
  return { point, action, seed, crashed, messages, counts, ms: Math.round(ms) };
}

/** Opens the results of a first seed, or begins anew. */
export function openResults(folder: string, firstSeed: number, fresh: boolean): Results {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `seed-${firstSeed}.jsonl`);
  if (fresh) rmSync(file, { force: true });
  const known = new Map(read(file).map((result) => [nameOf(result), result]));
  return {
    clean: (cell) => {
      const result = known.get(nameOf(cell));
      return result !== undefined && isClean(result) ? result : undefined;
    },
    add: (result) => {
      appendFileSync(file, `${JSON.stringify(result)}\n`);
    },
  };
}

const nameOf = ({ point, action, seed }: Cell): string => `${point} ${action} ${seed}`;

/** A line that was cut off by a kill is no result. */
function read(file: string): Result[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Result];
      } catch {
        return [];
      }
    });
}
