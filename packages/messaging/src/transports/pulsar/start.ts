import type { SubscribeOptions } from '../../subscriber.js';
import type { Admin } from './admin.js';
import type { MessageId } from './message-id.js';
import { partitionNumbers } from './names.js';

/** Creates a durable subscription where it does not exist, on each partition at its start. */
export async function createSubscription(
  admin: Admin,
  partitions: number,
  { topic, subscription, from }: SubscribeOptions,
): Promise<void> {
  const each = partitionNumbers(partitions).map(async (number) => {
    const start = from instanceof Date ? await admin.firstMessageSince(topic, number, from) : from;
    await admin.createSubscription(topic, number, subscription, start);
  });
  await Promise.all(each);
}

/** The message of each partition behind which a reader begins. It is named, so that an outage does not shift it. */
export async function startAfter(
  admin: Admin,
  partitions: number,
  { topic, from }: SubscribeOptions,
): Promise<(MessageId | 'earliest')[]> {
  const each = partitionNumbers(partitions).map(async (number) => {
    if (from === 'earliest') return from;
    if (from === 'latest') return admin.lastMessage(topic, number);
    const first = await admin.firstMessageSince(topic, number, from);
    return { ...first, entry: first.entry - 1n };
  });
  return Promise.all(each);
}
