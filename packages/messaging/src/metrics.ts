import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { OutboxStats } from './outbox/store.js';
import { readingOf, sharedReading } from './reading.js';

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
  /** What waits for each subscription of this process, and of how many partitions it has no consumer. */
  readonly subscriptions: () => Promise<readonly SubscriptionReading[]>;
  /** How many messages of each topic wait in this process for their next try, or behind one that does. */
  readonly waiting: () => readonly { topic: string; subscription: string; waiting: number }[];
  /** How many dead messages of the subscription nobody has redriven or dropped. */
  readonly dead: () => Promise<{ subscription: string; dead: number }>;
}

export interface SubscriptionReading {
  readonly topic: string;
  readonly message: string;
  readonly subscription: string;
  readonly backlog: number;
  readonly unattended: number;
}

/** Registers the metrics. What is read from the database or the broker is read when the metrics are asked for. */
export function createMessagingMetrics(registry: Registry, readings: Readings): MessagingMetrics {
  registerReadings(registry, readings);
  registerSubscriptions(registry, readings);
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

function registerReadings(registry: Registry, { outbox, isRelayActive, waiting }: Readings): void {
  const stats = sharedReading(outbox);
  const pending = new Gauge({
    ...{ name: 'alpes_outbox_pending', help: 'Messages that wait in the outbox', registers: [] },
    async collect() {
      this.set((await stats())?.pending ?? Number.NaN);
    },
  });
  const oldest = new Gauge({
    ...{ name: 'alpes_outbox_oldest_age_seconds', help: 'Age of the oldest message in the outbox', registers: [] },
    async collect() {
      this.set((await stats())?.oldestAgeSeconds ?? Number.NaN);
    },
  });
  const active = new Gauge({
    ...{ name: 'alpes_outbox_relay_active', help: '1 in the replica that relays the outbox', registers: [] },
    collect() {
      this.set(isRelayActive() ? 1 : 0);
    },
  });
  const held = new Gauge({
    ...{
      name: 'alpes_consumer_waiting_messages',
      help: 'Received messages that wait for their next try, or behind one that does',
      registers: [],
    },
    labelNames: ['topic', 'subscription'],
    collect() {
      this.reset();
      for (const { waiting: count, ...labels } of waiting()) this.set(labels, count);
    },
  });
  for (const gauge of [pending, oldest, active, held]) registry.registerMetric(gauge);
}

function registerSubscriptions(registry: Registry, { subscriptions }: Readings): void {
  const readings = sharedReading(subscriptions);
  const gaugeOf = (name: string, help: string, valueOf: (reading: SubscriptionReading) => number) =>
    new Gauge({
      ...{ name, help, labelNames: ['topic', 'message', 'subscription'], registers: [] },
      async collect() {
        const all = (await readings()) ?? [];
        this.reset();
        for (const reading of all) {
          const { topic, message, subscription } = reading;
          this.set({ topic, message, subscription }, valueOf(reading));
        }
      },
    });
  const lag = 'Messages that a subscription has not acknowledged';
  registry.registerMetric(gaugeOf('alpes_consumer_lag_messages', lag, ({ backlog }) => backlog));
  const unattended = 'Partitions that no living consumer of a subscription has';
  registry.registerMetric(gaugeOf('alpes_consumer_unattended_partitions', unattended, (reading) => reading.unattended));
}

function deadGauge({ dead }: Readings): Gauge {
  return new Gauge({
    ...{ name: 'alpes_dead_letters_open', help: 'Dead messages that nobody has redriven or dropped', registers: [] },
    labelNames: ['subscription'],
    async collect() {
      const reading = await readingOf(dead);
      this.reset();
      if (reading !== undefined) this.set({ subscription: reading.subscription }, reading.dead);
    },
  });
}
