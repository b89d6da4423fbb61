import { cpuSeconds } from './cpu.js';
import type { Site } from './system/site.js';

/** Begins to measure the CPU of the servers; the returned function tells the seconds that each has used since. */
export function watchServers(site: Site): () => Record<string, number> {
  const before = cpuOf(site);
  return () =>
    Object.fromEntries(Object.entries(cpuOf(site)).map(([name, used]) => [name, used - (before[name] ?? 0)]));
}

const cpuOf = (site: Site): Record<string, number> =>
  Object.fromEntries(Object.entries(site.serverPids()).map(([name, pid]) => [name, cpuSeconds(pid)]));
