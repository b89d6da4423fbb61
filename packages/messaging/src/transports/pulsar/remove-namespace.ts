import { connectAdmin } from './admin.js';
import { placesOf } from './places.js';
import type { PulsarSettings } from './settings.js';
import { threeTries } from './three-tries.js';

/**
 * Removes a namespace of Pulsar with all topics and messages in it, for whoever has made one for a while: tests do. Nothing
 * asks whether somebody needs it. Does nothing if it is not there.
 */
export async function removeNamespace(brokerUrl: string, pulsar: PulsarSettings): Promise<void> {
  const { adminUrl } = placesOf(brokerUrl, pulsar.adminUrl);
  const { token, tlsCa } = pulsar;
  const signal = new AbortController().signal;
  const admin = connectAdmin(pulsar, { baseUrl: adminUrl, token, tlsCa, signal });
  // Who is thrown out of a topic comes back at once, and may hold up its removal for longer than an answer may take.
  await threeTries(() => admin.removeNamespace());
}
