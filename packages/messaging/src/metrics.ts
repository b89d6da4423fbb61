import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { OutboxStats } from './outbox/store.js';

/** Seconds; those of the OpenTelemetry semantic conventions for messaging. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** What messaging counts. Names and units follow the conventions of Prometheus. */
export interface MessagingMetrics {
  readonly handled: Counter<'message' | 'subscription'>;
  readonly failed: Counter<'message' | 'subscription'>;
  readonly deadLettered: Counter<'message' | 'subscription' | 'reason'>;
  readonly processDuration: Histogram<'message' | 'subscription'>;
  readonly relayed: Counter;
}

export interface Readings {
  readonly outbox: () => Promise<OutboxStats>;
  readonly isRelayActive: () => boolean;
  /** The backlog of each subscription of this process. */
  readonly backlogs: () => Promise<readonly { topic: string; subscription: string; backlog: number }[]>;
  /** How many messages of each topic wait in this process for their next try, or behind one that does. */
  readonly waiting: () => readonly { topic: string; waiting: number }[];
  /** How many dead messages of the subscription nobody has redriven or dropped. */
  readonly dead: () => Promise<{ subscription: string; dead: number }>;
}

/** Registers the metrics. What is read from the database or the broker is read when the metrics are asked for. */
export function createMessagingMetrics(registry: Registry, readings: Readings): MessagingMetrics {
  registerReadings(registry, readings);
  registry.registerMetric(deadGauge(readings));
  return createMessagingCounters([registry]);
}

/** What is counted, without what is read. */
export function createMessagingCounters(registers: Registry[]): MessagingMetrics {
  const labelNames = ['message', 'subscription'] as const;
  return {
    handled: new Counter({ name: 'alpes_messages_handled_total', help: 'Messages handled', labelNames, registers }),
    failed: new Counter({
      name: 'alpes_messages_failed_total',
      help: 'Failed tries of single messages',
      labelNames,
      registers,
    }),
    deadLettered: new Counter({
      name: 'alpes_messages_dead_lettered_total',
      help: 'Messages moved to a dead-letter topic',
      labelNames: ['message', 'subscription', 'reason'],
      registers,
    }),
    processDuration: new Histogram({
      name: 'messaging_process_duration_seconds',
      help: 'Time to handle a batch of messages, its transaction included',
      labelNames,
      buckets: DURATION_BUCKETS,
      registers,
    }),
    relayed: new Counter({
      name: 'alpes_outbox_relayed_total',
      help: 'Outbox messages that the broker has confirmed',
      registers,
    }),
  };
}

function registerReadings(registry: Registry, { outbox, isRelayActive, backlogs, waiting }: Readings): void {
  const oldest = new Gauge({
    ...{ name: 'alpes_outbox_oldest_age_seconds', help: 'Age of the oldest message in the outbox', registers: [] },
  });
  const pending = new Gauge({
    ...{ name: 'alpes_outbox_pending', help: 'Messages that wait in the outbox', registers: [] },
    async collect() {
      const stats = await outbox().catch(() => undefined);
      this.set(stats?.pending ?? Number.NaN);
      oldest.set(stats?.oldestAgeSeconds ?? Number.NaN);
    },
  });
  const active = new Gauge({
    ...{ name: 'alpes_outbox_relay_active', help: '1 in the replica that relays the outbox', registers: [] },
    collect() {
      this.set(isRelayActive() ? 1 : 0);
    },
  });
  const lag = new Gauge({
    ...{
      name: 'alpes_consumer_lag_messages',
      help: 'Messages that a subscription has not acknowledged',
      registers: [],
    },
    labelNames: ['topic', 'subscription'],
    async collect() {
      this.reset();
      for (const { backlog, ...labels } of await backlogs().catch(() => [])) this.set(labels, backlog);
    },
  });
  const held = new Gauge({
    ...{
      name: 'alpes_consumer_waiting_messages',
      help: 'Received messages that wait for their next try, or behind one that does',
      registers: [],
    },
    labelNames: ['topic'],
    collect() {
      this.reset();
      for (const { waiting: count, topic } of waiting()) this.set({ topic }, count);
    },
  });
  // The oldest is read together with what is pending, so it comes after.
  for (const gauge of [pending, oldest, active, lag, held]) registry.registerMetric(gauge);
}

function deadGauge({ dead }: Readings): Gauge {
  return new Gauge({
    ...{ name: 'alpes_dead_letters_open', help: 'Dead messages that nobody has redriven or dropped', registers: [] },
    labelNames: ['subscription'],
    async collect() {
      this.reset();
      const reading = await dead().catch(() => undefined);
      if (reading !== undefined) this.set({ subscription: reading.subscription }, reading.dead);
    },
  });
}
