import { askProgram } from '../ask-program.js';
import type { Way } from '../floor/floor.js';
import type { Taken } from '../floor/rows.js';
import { watchCpu } from '../cpu.js';
import type { Site } from '../system/site.js';
import type { Task } from './service.js';

const SERVICES = ['bff', 'order', 'payment', 'reporting', 'saga-log'] as const;

/** Has so many orders go through services that handle one message at a time. Our own must not run meanwhile. */
export async function measureNaive(site: Site, orders: number): Promise<Way> {
  const usedBy = watchCpu(site.serverPids);
  const { urls } = site.postgres;
  const tasks = SERVICES.map((service): Task => ({
    ...{ service, databaseUrl: urls[service], gatewayUrl: urls.gateway, brokerEnv: site.env, orders },
  }));
  const taken = await Promise.all(tasks.map((task) => askProgram<Taken>('naive/service.js', task)));
  const own = SERVICES.map((service, index) => [service, taken[index]?.cpuSeconds ?? 0] as const);
  const seconds = Math.max(...taken.map((one) => one.seconds));
  return { orders, ordersPerSecond: orders / seconds, cpu: { ...usedBy(), ...Object.fromEntries(own) } };
}
