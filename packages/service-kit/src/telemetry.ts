import { readingOf } from '@alpes/messaging';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The metrics of a process, with Node's own among them. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** A number that is read when the metrics are asked for; NaN while it can't be read. */
export function createGauge(
  registry: Registry,
  { name, help, read }: { readonly name: string; readonly help: string; readonly read: () => Promise<number> },
): void {
  const gauge = new Gauge({
    ...{ name, help, registers: [] },
    async collect() {
      this.set((await readingOf(read)) ?? Number.NaN);
    },
  });
  registry.registerMetric(gauge);
}
