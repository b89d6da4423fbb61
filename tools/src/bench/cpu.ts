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
