import { createGauge } from '@alpes/service-kit';
import { Histogram, type Registry } from 'prom-client';

/** Seconds. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What payment measures beside messages and requests. */
export interface PaymentMetrics {
  readonly gatewayCalls: Histogram<'outcome'>;
}

export function createPaymentMetrics(registry: Registry, pending: () => Promise<number>): PaymentMetrics {
  createGauge(registry, {
    name: 'alpes_payment_work_pending',
    help: 'Transactions that wait for an answer of the gateway',
    read: pending,
  });
  return {
    gatewayCalls: new Histogram({
      name: 'alpes_payment_gateway_call_duration_seconds',
      help: 'Time from a call of the gateway to its first answer or failure; outcome: approved, rejected or failed',
      labelNames: ['outcome'],
      buckets: DURATION_BUCKETS,
      registers: [registry],
    }),
  };
}
