import { AlpesError } from '../../errors.js';
import type { Topology } from '../../transport.js';
import type { Admin, Retention } from './admin.js';
import { partitionNumbers } from './names.js';
import { threeTries } from './three-tries.js';
import { whileBusy } from './while-busy.js';

/** An unused topic is not deleted, and none comes into being by a slip of the pen, without partitions and subscriptions. */
const POLICIES = {
  inactiveTopicPolicies: {
    ...{ deleteWhileInactive: false, maxInactiveDurationSeconds: 60 },
    inactiveTopicDeleteMode: 'delete_when_no_subscriptions',
  },
  autoTopicCreation: { allowAutoTopicCreation: false },
};

/** Without one Pulsar drops at once what all have acknowledged. */
function retentionOf(retentionMs: number): Retention {
  const minutes = retentionMs === Infinity ? -1 : Math.ceil(retentionMs / 60_000);
  return { retentionTimeInMinutes: minutes, retentionSizeInMB: -1 };
}

interface Wanted {
  readonly topic: string;
  readonly subscriptions: readonly string[];
  readonly partitions: number;
}

/** As {@link Transport.declare}. */
export async function declareTopics(
  admin: Admin,
  topology: Topology,
  defaults: { readonly partitions: number; readonly retentionMs: number },
): Promise<void> {
  const wanted = topology.map((entry) => ({ ...entry, partitions: entry.partitions ?? defaults.partitions }));
  await refuseOtherPartitions(admin, wanted);
  await admin.createNamespace();
  await admin.setPolicies(POLICIES);
  // To Pulsar, what nobody subscribes to is read by all: such topics are safe before the time for that begins to count.
  for (const entry of wanted.filter(isUnread)) {
    await declareTopic(admin, entry);
    if (!Number.isFinite(defaults.retentionMs)) continue;
    // Asked for the first policies of topics in a new namespace, Pulsar 4.0.6 now and then does not answer.
    await threeTries(() => admin.setRetention(entry.topic, retentionOf(Infinity)));
  }
  await admin.setPolicies({ retention: retentionOf(defaults.retentionMs) });
  for (const entry of wanted.filter((one) => !isUnread(one))) {
    await declareTopic(admin, entry);
    const each = partitionNumbers(entry.partitions).flatMap((number) =>
      entry.subscriptions.map((name) => admin.createSubscription(entry.topic, number, name, 'earliest')),
    );
    await Promise.all(each);
  }
}

const isUnread = ({ subscriptions }: Wanted): boolean => subscriptions.length === 0;

/** Before anything is changed. */
async function refuseOtherPartitions(admin: Admin, wanted: readonly Wanted[]): Promise<void> {
  const each = wanted.map(async ({ topic, partitions }) => {
    const existing = await admin.partitions(topic);
    return existing === undefined || existing === partitions ? [] : [otherPartitions(topic, existing, partitions)];
  });
  const problems = (await Promise.all(each)).flat();
  if (problems.length > 0) throw new AlpesError('configuration', problems.join('\n'));
}

/** Who creates a topic may be killed between its partitions. */
async function declareTopic(admin: Admin, { topic, partitions }: Wanted): Promise<void> {
  const existing = await createTopic(admin, topic, partitions);
  if (existing !== partitions) throw new AlpesError('configuration', otherPartitions(topic, existing, partitions));
  await admin.createMissingPartitions(topic);
}

/** Returns how many partitions it has, which somebody else may create at the same time; then they are seen later. */
async function createTopic(admin: Admin, topic: string, partitions: number): Promise<number> {
  const create = async (): Promise<number | undefined> => {
    const existing = await admin.partitions(topic);
    if (existing !== undefined) return existing;
    await admin.createTopic(topic, partitions);
    return admin.partitions(topic);
  };
  const existing = await whileBusy(create, (found) => found === undefined);
  if (existing !== undefined) return existing;
  throw new AlpesError('unavailable', `topic ${topic} can't be created: it exists, and has no partitions yet`);
}

function otherPartitions(topic: string, existing: number, wanted: number): string {
  return `topic ${topic} has ${existing} partitions, not ${wanted}; their number is fixed at creation`;
}
