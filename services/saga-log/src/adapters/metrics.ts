import { createGauge, type ServiceContext } from '@alpes/service-kit';

/** Shows orders of whose versions one is missing. Every replica reads the same number from their database. */
export function gapMetric(
  { registry }: Pick<ServiceContext<never>, 'registry'>,
  countGaps: () => Promise<number>,
): void {
  createGauge(registry, {
    name: 'alpes_saga_version_gaps',
    help: 'Recent orders with a version that is missing although a later one came long ago',
    read: countGaps,
  });
}
