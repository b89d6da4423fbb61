import type { Transport } from '../../transport.js';
import type { TransportSettings } from '../connect.js';
import { placesOf } from '../pulsar/places.js';
import { DEFAULT_PULSAR_SETTINGS } from '../pulsar/settings.js';
import { createPulsarTransport } from '../pulsar/transport.js';
import type { Wire } from '../pulsar/wire.js';
import { join } from './consumer.js';
import { openLink } from './link.js';
import { read } from './reader.js';

/**
 * Apache Pulsar behind `ws://host:port` or `wss://host:port`, through its WebSocket API
 * (https://pulsar.apache.org/docs/4.0.x/client-libraries-websocket/). A consumer that stands still keeps its partitions for
 * the broker's `webSocketSessionIdleTimeoutMillis`.
 */
export function connectPulsarWebSocket(url: string, settings: TransportSettings): Transport {
  const pulsar = { ...DEFAULT_PULSAR_SETTINGS, ...settings.pulsar };
  const { brokerUrl, adminUrl } = placesOf(url, pulsar.adminUrl);
  const endpoint = { url: brokerUrl, token: pulsar.token, tlsCa: pulsar.tlsCa };
  const wire: Wire = {
    url: brokerUrl,
    // It is where the admin API is, or is told by whatever wants to travel.
    check: async () => {},
    openLink: (topic, signal) => openLink(endpoint, pulsar, topic, signal),
    join: (options) => join(endpoint, pulsar, options),
    read: (options) => read(endpoint, pulsar, options),
    // Each connection is closed by who opened it.
    close: async () => {},
  };
  return createPulsarTransport({ wire, adminUrl, pulsar, settings });
}
