import { sharedReading } from '@alpes/messaging';
import { createGauge } from '@alpes/service-kit';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Order } from '../domain/order.js';
import type { OpenOrders } from './open-orders.js';

/** Seconds. */
const DURATION_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];

/** How long orders take, counted once what ended them is committed. */
export interface OrderTimes {
  /** What a transaction that may yet fail has ended. */
  readonly ended: (orders: readonly Order[]) => void;
  readonly committed: () => void;
}

export interface OrderMetricsOptions {
  readonly registry: Registry;
  /** What every replica reads alike from their database. */
  readonly open: () => Promise<OpenOrders>;
  /** How long in ms an order may take that is in time. */
  readonly dueMs: number;
}

/** Measures orders from the moment at which they were accepted, which their command tells. */
export function orderTimes({ registry, open, dueMs }: OrderMetricsOptions): OrderTimes {
  measureOpenOrders(registry, open);
  const duration = new Histogram({
    name: 'alpes_order_duration_seconds',
    help: 'Time from the acceptance of an order to its final state',
    labelNames: ['status'],
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
  const late = new Counter({
    name: 'alpes_orders_late_total',
    help: 'Orders that were not final in time, and are now',
    registers: [registry],
  });
  // A series that begins with its first order would hide that order from who asks for the increase.
  for (const status of ['APPROVED', 'REJECTED']) duration.zero({ status });
  let noted: readonly Order[] = [];
  return {
    ended: (orders) => {
      noted = orders;
    },
    committed: () => {
      for (const { status, createdAt, updatedAt } of noted) {
        const ms = Math.max(0, updatedAt.getTime() - createdAt.getTime());
        duration.observe({ status }, ms / 1_000);
        if (ms > dueMs) late.inc();
      }
      noted = [];
    },
  };
}

function measureOpenOrders(registry: Registry, open: () => Promise<OpenOrders>): void {
  const reading = sharedReading(open);
  createGauge(registry, {
    name: 'alpes_orders_oldest_open_age_seconds',
    help: 'Age of the oldest order that is not final; 0 if there is none',
    read: async () => (await reading())?.oldestAgeSeconds ?? Number.NaN,
  });
  createGauge(registry, {
    name: 'alpes_orders_overdue',
    help: 'Orders that are not final although their time is over',
    read: async () => (await reading())?.overdue ?? Number.NaN,
  });
}
