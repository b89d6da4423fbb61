import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countOf, type Finding, type Kind, KINDS } from './findings.js';
import type { Arguments } from './arguments.js';
import type { Cell } from './scenario.js';

/** What came of a run, as it is kept. */
export interface Result extends Cell {
  readonly crashed: boolean;
  readonly messages: number;
  readonly counts: Readonly<Record<Kind, number>>;
  /** How long it took. */
  readonly ms: number;
}

/**
 * The results of all runs with one first seed, in a file that is added to: what was done is not done again. A run may fail
 * once in many times, so one that was not clean is not made up for by another that is.
 */
export interface Results {
  /** Of this run, if it was done before. */
  of(cell: Cell): Result | undefined;
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

/** Whether it is a single run, named by all that names one: it is done each time, however often somebody tries it. */
const isSingle = ({ seeds, points, actions }: Arguments): boolean =>
  seeds === 1 && points.length === 1 && actions.length === 1;

/** Opens the results of a first seed, or begins anew. A single run has none, nor has one with a mistake put in. */
export function openResults(args: Arguments): Results | undefined {
  const { folder, firstSeed, fresh, control } = args;
  if (control !== undefined || isSingle(args)) return undefined;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `seed-${firstSeed}.jsonl`);
  if (fresh) rmSync(file, { force: true });
  const earlier = read(file).toSorted((one, other) => Number(isClean(other)) - Number(isClean(one)));
  const known = new Map(earlier.map((result) => [nameOf(result), result]));
  return {
    of: (cell) => known.get(nameOf(cell)),
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
