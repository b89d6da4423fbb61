import { setTimeout as delay } from 'node:timers/promises';
import { residentMemory } from '../../soak/memory.js';

const everyMs = 20;

/** By how many MB processes grew, at most, while something was done; by name. */
export async function growthDuring<T, Name extends string>(
  pids: Readonly<Record<Name, number>>,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly growthMb: Readonly<Record<Name, number>> }> {
  const names = Object.keys(pids) as Name[];
  const before = names.map((name) => residentMb(pids[name]));
  const most = [...before];
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      for (const [index, name] of names.entries()) most[index] = Math.max(most[index] ?? 0, residentMb(pids[name]));
      await delay(everyMs);
    }
  })();
  try {
    const result = await work();
    const growth = names.map((name, index) => [name, (most[index] ?? 0) - (before[index] ?? 0)]);
    return { result, growthMb: Object.fromEntries(growth) as Record<Name, number> };
  } finally {
    over.abort();
    await watching;
  }
}

const residentMb = (pid: number): number => (residentMemory(pid) ?? 0) / 2 ** 20;
