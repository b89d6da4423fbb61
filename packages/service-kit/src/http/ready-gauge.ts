import { readingOf } from '@alpes/messaging';
import { Gauge, type Registry } from 'prom-client';

/** Shows what `/health/ready` would say of each check. */
export function registerReadiness(registry: Registry, checks: Readonly<Record<string, () => Promise<void>>>): void {
  const gauge = new Gauge({
    ...{ name: 'alpes_ready', help: '1 while this process has what the check asks for', registers: [] },
    labelNames: ['check'],
    async collect() {
      const asked = Object.entries(checks).map(async ([check, ask]) => {
        const value = await readingOf(() => ask().then(() => 1));
        this.set({ check }, value ?? 0);
      });
      await Promise.all(asked);
    },
  });
  registry.registerMetric(gauge);
}
