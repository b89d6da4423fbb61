import { AlpesError } from '../../errors.js';
import type { Topology } from '../../transport.js';
import type { Admin } from './admin.js';
import { partitionNumbers } from './names.js';

/**
 * What every topic of the namespace is given: nothing of it is deleted, be it old, read or unused, and no topic comes
 * into being by a slip of the pen, without partitions and subscriptions.
 */
const POLICIES = {
  retention: { retentionTimeInMinutes: -1, retentionSizeInMB: -1 },
  inactiveTopicPolicies: {
    ...{ deleteWhileInactive: false, maxInactiveDurationSeconds: 60 },
    inactiveTopicDeleteMode: 'delete_when_no_subscriptions',
  },
  autoTopicCreation: { allowAutoTopicCreation: false },
} as const;

/** As {@link Transport.declare}. */
export async function declareTopics(admin: Admin, topology: Topology, defaultPartitions: number): Promise<void> {
  await admin.createNamespace(POLICIES);
  for (const { topic, subscriptions, partitions = defaultPartitions } of topology) {
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
