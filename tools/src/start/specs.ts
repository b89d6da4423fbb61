import { freePort } from '../postgres/ports.js';
import type { StartConfig } from './config.js';
import type { Places } from './prepare.js';
import { type ProcessSpec, systemOf } from './system.js';

/** Every process of the system as it was configured, each on a port of its own. */
export async function specsOf(config: StartConfig, places: Places): Promise<ProcessSpec[]> {
  const count = Object.values(config.replicas).reduce((sum, replicas) => sum + replicas, 1);
  const ports = await freePorts(count, config.port);
  return systemOf({
    ...places,
    replicas: config.replicas,
    publicHost: config.host,
    publicPort: config.port,
    nextPort: () => ports.pop() ?? 0,
  });
}

/** No two are the same. `taken` is about to be: nobody listens there yet. */
async function freePorts(count: number, taken: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = await freePort();
    if (port !== taken) ports.add(port);
  }
  return [...ports];
}
