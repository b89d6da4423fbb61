import type { Site } from '../site/site.js';

/** Every process that an order comes by. */
export const processNames = (site: Site): string[] =>
  site.system
    .state()
    .processes.map(({ name }) => name)
    .filter((name) => name !== 'client-faker');

/** Its number now; undefined between two lives. */
export const pidOf = (site: Site, name: string): number | undefined =>
  site.system.state().processes.find((one) => one.name === name)?.pid;

/** False if it has just ended. */
export function signalTo(site: Site, name: string, signal: NodeJS.Signals): boolean {
  const pid = pidOf(site, name);
  try {
    return pid !== undefined && process.kill(pid, signal);
  } catch {
    return false;
  }
}
