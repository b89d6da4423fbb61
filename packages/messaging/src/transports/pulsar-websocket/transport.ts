import type { Subscription } from '../../subscriber.js';
import type { Transport } from '../../transport.js';
import type { TransportSettings } from '../connect.js';
import { connectAdmin } from '../pulsar/admin.js';
import { createInspector } from '../pulsar/inspect.js';
import { placesOf } from '../pulsar/places.js';
import { DEFAULT_PULSAR_SETTINGS } from '../pulsar/settings.js';
import { createSubscription, startAfter } from '../pulsar/start.js';
import { declareTopics } from '../pulsar/topology.js';
import { browse } from './browse.js';
import { subscribeDurably } from './durable-subscription.js';
import { subscribeEphemerally } from './ephemeral-subscription.js';
import { createPublisher } from './publish.js';

/**
 * Apache Pulsar behind `ws://host:port` or `wss://host:port`, through its WebSocket API
 * (https://pulsar.apache.org/docs/4.0.x/client-libraries-websocket/). Who shares a partition with whom, and for how
 * long one that stands still keeps it, is up to the broker: `leaseMs` means nothing here, its
 * `webSocketSessionIdleTimeoutMillis` does.
 */
export function connectPulsarWebSocket(url: string, settings: TransportSettings): Transport {
  const pulsar = { ...DEFAULT_PULSAR_SETTINGS, ...settings.pulsar };
  const { token, tlsCa } = pulsar;
  const { brokerUrl, adminUrl } = placesOf(url, pulsar.adminUrl);
  const endpoint = { url: brokerUrl, token, tlsCa };
  const closing = new AbortController();
  const admin = connectAdmin(pulsar, { baseUrl: adminUrl, token, tlsCa, signal: closing.signal });
  const inspector = createInspector(admin);
  const publisher = createPublisher(endpoint, pulsar);
  const open = new Set<Subscription>();
  return {
    ...inspector,
    publish: publisher.publish,
    subscribe: async (options) => {
      const { topic, subscription: name } = options;
      const partitions = await inspector.partitions(topic);
      const common = { endpoint, place: pulsar, topic, partitions, pollMs: settings.pollMs };
      let subscription: Subscription;
      if (options.mode === 'ephemeral') {
        const start = await startAfter(admin, partitions, options);
        subscription = await subscribeEphemerally({ ...common, start });
      } else {
        await createSubscription(admin, partitions, options);
        subscription = await subscribeDurably({ ...common, subscription: name });
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
    browse: async (topic, { after, limit }) => {
      const partitions = await inspector.partitions(topic);
      return browse({ ...{ endpoint, place: pulsar, admin, topic, partitions }, signal: closing.signal }, after, limit);
    },
    declare: (topology) => declareTopics(admin, topology, settings),
    schemas: admin.schemas,
    check: admin.check,
    close: async () => {
      closing.abort();
      await Promise.all([...[...open].map((subscription) => subscription.close()), publisher.close()]);
    },
  };
}
