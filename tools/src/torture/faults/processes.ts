import { pidOf } from '../../start/whole-system.js';
import type { Site } from '../site/site.js';

/** Every process that an order comes by. */
export const processNames = (site: Site): string[] =>
  site.system
    .state()
    .processes.map(({ name }) => name)
    .filter((name) => name !== 'client-faker');

/** Nothing comes of it if the process has just ended. */
export function signalTo(site: Site, name: string, signal: NodeJS.Signals): void {
  try {
    process.kill(pidOf(site.system, name), signal);
  } catch {
    // It has just ended.
  }
}
