import { AlpesError } from '../../errors.js';
import { missingTopics } from '../../missing-topics.js';
import type { SubscribeOptions, Subscription } from '../../subscriber.js';
import type { Transport } from '../../transport.js';
import type { TransportSettings } from '../connect.js';
import { type Admin, connectAdmin } from './admin.js';
import { browse } from './browse.js';
import { subscribeDurably } from './durable-subscription.js';
import { subscribeEphemerally } from './ephemeral-subscription.js';
import { createInspector } from './inspect.js';
import { createPublisher } from './publish.js';
import type { PulsarSettings } from './settings.js';
import { createSubscription, startAfter } from './start.js';
import { declareTopics } from './topology.js';
import type { Wire } from './wire.js';

export interface PulsarTransportOptions {
  readonly wire: Wire;
  readonly adminUrl: string;
  readonly pulsar: PulsarSettings;
  readonly settings: TransportSettings;
}

/**
 * Apache Pulsar, over either of its protocols. What topics there are and what is in them is asked of its admin API. Who
 * shares a partition with whom, and for how long one that stands still keeps it, is up to the broker: `leaseMs` means
 * nothing here.
 */
export function createPulsarTransport({ wire, adminUrl, pulsar, settings }: PulsarTransportOptions): Transport {
  const { token, tlsCa } = pulsar;
  const closing = new AbortController();
  const admin = connectAdmin(pulsar, { baseUrl: adminUrl, token, tlsCa, signal: closing.signal });
  const inspector = createInspector(admin);
  const { signal } = closing;
  const publisher = createPublisher(wire, signal);
  const open = new Set<Subscription>();
  const subscribe = async (options: SubscribeOptions): Promise<Subscription> => {
    const { topic, subscription } = options;
    const partitions = await inspector.partitions(topic);
    const { pollMs } = settings;
    if (options.mode === 'ephemeral') {
      const start = await startAfter(admin, partitions, options);
      return subscribeEphemerally(wire, { admin, topic, start, pollMs, signal });
    }
    await createSubscription(admin, partitions, options);
    return subscribeDurably(wire, { topic, subscription, partitions, pollMs, signal });
  };
  return {
    ...inspector,
    publish: publisher.publish,
    subscribe: async (options) => {
      const subscription = await subscribe(options);
      if (signal.aborted) {
        await subscription.close();
        throw new AlpesError('unavailable', `the connection to ${wire.url} was closed`);
      }
      open.add(subscription);
      return {
        ...subscription,
        close: async () => {
          open.delete(subscription);
          await subscription.close();
        },
      };
    },
    browse: async (topic, options) => {
      const partitions = await inspector.partitions(topic);
      return browse({ wire, admin, topic, partitions, signal }, options);
    },
    declare: async (topology) => {
      // Who starts is told at once if messages can't travel.
      await wire.check();
      await declareTopics(admin, topology, settings);
    },
    schemas: admin.schemas,
    check: async (topics) => {
      await (topics === undefined ? admin.checkNamespace() : checkTopics(admin, topics));
      await wire.check();
    },
    close: async () => {
      closing.abort();
      await Promise.all([...[...open].map((subscription) => subscription.close()), publisher.close()]);
      await wire.close();
    },
  };
}

/** One by one: only who may consume every topic of a namespace is told their names. */
async function checkTopics(admin: Admin, topics: readonly string[]): Promise<void> {
  const existing = await Promise.all(topics.map((topic) => admin.partitions(topic)));
  const missing = topics.filter((_, index) => existing[index] === undefined);
  if (missing.length > 0) throw missingTopics(missing);
}
