import { AlpesError } from '../../errors.js';
import type { Topology } from '../../transport.js';
import type { Admin } from './admin.js';
import { partitionNumbers } from './names.js';

/**
 * What every topic of the namespace is given: what all have read is kept for as long as it is wanted (without it Pulsar
 * drops it at once), an unused topic is not deleted, and no topic comes into being by a slip of the pen, without
 * partitions and subscriptions.
 */
function policies(retentionMs: number): Readonly<Record<string, unknown>> {
  const minutes = retentionMs === Infinity ? -1 : Math.ceil(retentionMs / 60_000);
  return {
    retention: { retentionTimeInMinutes: minutes, retentionSizeInMB: -1 },
    inactiveTopicPolicies: {
      ...{ deleteWhileInactive: false, maxInactiveDurationSeconds: 60 },
      inactiveTopicDeleteMode: 'delete_when_no_subscriptions',
    },
    autoTopicCreation: { allowAutoTopicCreation: false },
  };
}

/** As {@link Transport.declare}. */
export async function declareTopics(
  admin: Admin,
  topology: Topology,
  defaults: { readonly partitions: number; readonly retentionMs: number },
): Promise<void> {
  await admin.createNamespace(policies(defaults.retentionMs));
  for (const { topic, subscriptions, partitions = defaults.partitions } of topology) {
    await declareTopic(admin, topic, partitions);
    const each = partitionNumbers(partitions).flatMap((number) =>
      subscriptions.map((subscription) => admin.createSubscription(topic, number, subscription, 'earliest')),
    );
    await Promise.all(each);
  }
}

/** Who creates a topic may be killed between its partitions. */
async function declareTopic(admin: Admin, topic: string, partitions: number): Promise<void> {
  if ((await admin.partitions(topic)) === undefined) await admin.createTopic(topic, partitions);
  const existing = await admin.partitions(topic);
  if (existing !== partitions) {
    const text = `topic ${topic} has ${existing} partitions, not ${partitions}; their number is fixed at creation`;
    throw new AlpesError('configuration', text);
  }
  await admin.createMissingPartitions(topic);
}
