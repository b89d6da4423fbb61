import { collectDefaultMetrics, Registry } from 'prom-client';

/** The metrics of a process, with Node's own among them. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
