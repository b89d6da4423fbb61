import { StartFailed, summarise } from './start-failed.js';
import type { Supervised } from './supervise.js';

/** Rejects with StartFailed, which says of each process that did not get ready why. */
export async function allReady(processes: readonly Supervised[]): Promise<void> {
  const results = await Promise.all(processes.map(({ started }) => started));
  const failures = results.flatMap((result) => (result.ready ? [] : [result.said]));
  if (failures.length > 0) throw new StartFailed(summarise(failures));
}
