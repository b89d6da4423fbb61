import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks in a second, on every Linux that runs Node. */
const ticks = 100;

/**
 * Seconds of CPU that a process and its children have taken, those that have ended included. 0 where the system does not
 * tell (it is read from Linux's /proc).
 */
export function cpuSeconds(pid: number): number {
  const all = processes();
  const family = [...all].filter(([id, { parent }]) => id === pid || parent === pid);
  return family.reduce((sum, [id, { own, ended }]) => sum + own + (id === pid ? ended : 0), 0);
}

/** The same by the names of the processes. */
export const cpuOf = <Name extends string>(pids: Readonly<Record<Name, number>>): Record<Name, number> =>
  mapped(pids, cpuSeconds);

/** Begins to measure; the returned function tells the seconds that each has used since. */
export function watchCpu<Name extends string>(pids: () => Readonly<Record<Name, number>>): () => Record<Name, number> {
  const before = cpuOf(pids());
  return () => used(before, cpuOf(pids()));
}

/** What each has used between two readings. */
export const used = <Name extends string>(
  before: Readonly<Record<Name, number>>,
  after: Readonly<Record<Name, number>>,
): Record<Name, number> => mapped(after, (seconds, name) => seconds - (before[name] ?? 0));

function mapped<Name extends string>(
  values: Readonly<Record<Name, number>>,
  change: (value: number, name: Name) => number,
): Record<Name, number> {
  const entries = Object.entries(values) as [Name, number][];
  return Object.fromEntries(entries.map(([name, value]) => [name, change(value, name)])) as Record<Name, number>;
}

interface Usage {
  readonly parent: number;
  readonly own: number;
  /** Of its children that have ended. */
  readonly ended: number;
}

function processes(): ReadonlyMap<number, Usage> {
  const ids = orNothing(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name));
  return new Map(ids.map((id) => [Number(id), usageOf(orNothing(() => readFileSync(`/proc/${id}/stat`, 'utf8'), ''))]));
}

/** The fields behind the name, which may itself hold blanks and brackets. */
function usageOf(stat: string): Usage {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (first: number): number => (Number(fields[first] ?? 0) + Number(fields[first + 1] ?? 0)) / ticks;
  return { parent: Number(fields[1] ?? 0), own: seconds(11), ended: seconds(13) };
}

/** A process may end while it is read. */
function orNothing<T>(read: () => T, nothing: T): T {
  try {
    return read();
  } catch {
    return nothing;
  }
}
