import type { Transport } from '../../transport.js';
import type { TransportSettings } from '../connect.js';
import { topicName } from '../pulsar/names.js';
import { placesOf } from '../pulsar/places.js';
import { DEFAULT_PULSAR_SETTINGS } from '../pulsar/settings.js';
import { createPulsarTransport } from '../pulsar/transport.js';
import type { Wire } from '../pulsar/wire.js';
import { loadClient } from './client.js';
import { join } from './consumer.js';
import { failureOf, isMissingTopic, isNoRight } from './failures.js';
import { openLink } from './link.js';
import type { NativeClient } from './native.js';
import { read } from './reader.js';

/**
 * Apache Pulsar behind `pulsar://host:port` or `pulsar+ssl://host:port`, through the official client, a native add-on that
 * is loaded when it is first asked for (https://github.com/apache/pulsar-client-node). A consumer that stands still keeps
 * its partitions for up to twice the broker's `keepAliveIntervalSeconds`.
 */
export function connectPulsarBinary(url: string, settings: TransportSettings): Transport {
  const pulsar = { ...DEFAULT_PULSAR_SETTINGS, ...settings.pulsar };
  const { brokerUrl, adminUrl } = placesOf(url, pulsar.adminUrl);
  const client = loadClient({ url: brokerUrl, token: pulsar.token, tlsCa: pulsar.tlsCa });
  const wire: Wire = {
    url: brokerUrl,
    check: async () => ask((await client.loaded()).shared, brokerUrl, topicName(pulsar, NO_TOPIC)),
    openLink: async (topic, signal) =>
      openLink((await client.loaded()).shared, brokerUrl, topicName(pulsar, topic), signal),
    join: async (options) => join(await client.loaded(), brokerUrl, pulsar, options),
    read: async (options) => read(await client.loaded(), brokerUrl, pulsar, options),
    close: client.close,
  };
  return createPulsarTransport({ wire, adminUrl, pulsar, settings });
}

/** A topic that there is not. */
const NO_TOPIC = 'is-anybody-there';

/** Whether the broker answers: that there is no such topic, or that we may not ask for it, is an answer. */
async function ask(client: NativeClient, url: string, topic: string): Promise<void> {
  try {
    await client.getPartitionsForTopic(topic);
  } catch (thrown) {
    if (!isMissingTopic(thrown) && !isNoRight(thrown)) throw failureOf(url, topic, thrown);
  }
}
