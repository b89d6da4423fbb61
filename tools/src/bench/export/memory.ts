import { setTimeout as delay } from 'node:timers/promises';
import { residentMemory } from '../../soak/memory.js';

const everyMs = 20;

/** By how many MB processes grew, at most, while something was done. */
export async function growthDuring<T>(
  pids: readonly number[],
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly growthMb: readonly number[] }> {
  const residentMb = (pid: number): number => (residentMemory(pid) ?? 0) / 2 ** 20;
  const before = pids.map(residentMb);
  const most = [...before];
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      for (const [index, pid] of pids.entries()) most[index] = Math.max(most[index] ?? 0, residentMb(pid));
      await delay(everyMs);
    }
  })();
  try {
    const result = await work();
    return { result, growthMb: most.map((peak, index) => peak - (before[index] ?? 0)) };
  } finally {
    over.abort();
    await watching;
  }
}
