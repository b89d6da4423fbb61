import type { Extent } from '../../inspector.js';
import type { Admin, Retention } from './admin.js';
import type { Beginning } from './ledgers.js';
import { compareMessageIds, formatPosition, parsePosition } from './message-id.js';
import { partitionNumbers } from './names.js';

/** As {@link Inspector.extents}. */
export async function extents(admin: Admin, topic: string, partitions: number): Promise<Extent[]> {
  const each = partitionNumbers(partitions).map(async (partition) => {
    const end = await admin.lastMessage(topic, partition);
    const beginning = await admin.beginning(topic, partition);
    const cut = await cutOf(beginning, () => admin.retention(topic), new Date());
    return { end: end.entry < 0n ? undefined : formatPosition(end), cut };
  });
  return Promise.all(each);
}

/** As {@link Inspector.hasAcknowledged}. */
export async function hasAcknowledged(
  admin: Admin,
  topic: string,
  subscription: string,
  ends: readonly (string | undefined)[],
): Promise<boolean[]> {
  const each = ends.map(async (end, partition) => {
    if (end === undefined) return true;
    const done = await admin.acknowledged(topic, partition, subscription);
    // Of a batch all is acknowledged together.
    const entry = { ...parsePosition(end), batch: undefined };
    return done !== undefined && compareMessageIds(entry, { partition, ...done }) <= 0;
  });
  return Promise.all(each);
}

/**
 * Why the first messages of a partition are gone, or may be. Pulsar deletes whole ledgers and remembers nothing of them. A
 * broker that numbers messages says how many there were before; of any other nothing is known but its retention: what it
 * may have deleted counts as deleted. Only then is the retention asked for, which only an administrator may.
 */
export async function cutOf(
  { gone, createdAt }: Beginning,
  retention: () => Promise<Retention>,
  now: Date,
): Promise<string | undefined> {
  if (gone !== undefined) return gone === 0n ? undefined : `its first ${gone} messages are gone`;
  const { retentionTimeInMinutes: minutes, retentionSizeInMB: size } = await retention();
  if (minutes === -1 && size === -1) return undefined;
  const isYoung = now.getTime() - createdAt.getTime() < minutes * 60_000;
  if (size === -1 && isYoung) return undefined;
  const limits = [...(minutes === -1 ? [] : [`${minutes} minutes`]), ...(size === -1 ? [] : [`${size} MB`])];
  return `its first messages may be gone: the broker keeps ${limits.join(' and ')} of what is acknowledged, and numbers nothing`;
}
