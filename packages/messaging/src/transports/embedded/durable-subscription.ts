import type { ReceivedMessage, Subscription } from '../../subscriber.js';
import { createWake } from '../../wake.js';
import type { Database } from './database.js';
import { joinSubscription } from './membership.js';
import { advance, parsePosition, type Positions, read } from './read.js';
import type { Topic } from './topics.js';

/** A set of offsets: what is acknowledged twice, or late by one who lost the partition, changes nothing. */
const ACKNOWLEDGE = `
  UPDATE log.cursor c SET acknowledged = c.acknowledged + a.offsets
  FROM (
    SELECT partition, range_agg(int8range("offset", "offset" + 1)) AS offsets
    FROM unnest($3::int[], $4::bigint[]) AS m (partition, "offset") GROUP BY partition
  ) a
  WHERE c.topic_id = $1 AND c.subscription = $2 AND c.partition = a.partition`;

const CREATE = `
  INSERT INTO log.cursor (topic_id, subscription, partition, acknowledged)
  SELECT $1, $2, p.number, CASE WHEN p.position = 0 THEN '{}' ELSE int8multirange(int8range(0, p.position)) END
  FROM unnest($3::int[], $4::bigint[]) AS p (number, position)
  ON CONFLICT DO NOTHING`;

/** Creates the subscription where it does not exist. */
export async function createCursors(
  database: Database,
  topic: Topic,
  subscription: string,
  start: Positions,
): Promise<void> {
  await database.query(CREATE, [topic.id, subscription, [...start.keys()], [...start.values()].map(String)]);
}

export interface DurableOptions {
  readonly database: Database;
  readonly topic: Topic;
  readonly subscription: string;
  readonly leaseMs: number;
  readonly pollMs: number;
  /** Tells the other consumers that the shares have changed. */
  readonly announce: () => void;
  /** Calls back at each publication to the topic; returns how to end that. */
  readonly onPublication: (callback: () => void) => () => void;
  /** Calls back when consumers come or go; returns how to end that. */
  readonly onAnnouncement: (callback: () => void) => () => void;
}

/** One of the competing consumers of a durable subscription. */
export async function subscribeDurably(options: DurableOptions): Promise<Subscription> {
  const { database, topic, subscription, pollMs, announce } = options;
  const wake = createWake();
  const share = await takeShare(options, wake.wake);
  const stopListening = options.onPublication(wake.wake);
  announce();
  return {
    receive: async (max, waitMs, signal) => {
      const deadline = performance.now() + waitMs;
      for (;;) {
        const messages = await read(database, topic, share.positions(), max, { subscription, owner: share.owner });
        share.advance(messages);
        const left = deadline - performance.now();
        if (messages.length > 0 || left <= 0 || signal.aborted) return messages;
        await wake.wait(Math.min(left, pollMs), signal);
      }
    },
    acknowledge: async (messages: readonly ReceivedMessage[]) => {
      const places = messages.map(({ position }) => parsePosition(position));
      const partitions = places.map(({ partition }) => partition);
      await database.query(ACKNOWLEDGE, [
        topic.id,
        subscription,
        partitions,
        places.map(({ offset }) => String(offset)),
      ]);
    },
    close: async () => {
      stopListening();
      await share.giveBack();
      announce();
    },
  };
}

/** Keeps this consumer's share of the partitions, and where it is on each; `onGain` is called when that may have grown. */
async function takeShare(options: DurableOptions, onGain: () => void) {
  const { database, topic, subscription, leaseMs, onAnnouncement } = options;
  const membership = joinSubscription(database, topic, subscription, leaseMs);
  let positions: Positions = new Map();
  let renewedAt = Number.NEGATIVE_INFINITY;

  /** A partition that was kept goes on where it was; one that is new begins at its first message not acknowledged. */
  const renew = async (): Promise<void> => {
    const startedAt = performance.now();
    const claimed = await membership.renew();
    const kept: Positions = startedAt - renewedAt < leaseMs ? positions : new Map();
    positions = new Map([...claimed].map(([partition, start]) => [partition, kept.get(partition) ?? start]));
    renewedAt = startedAt;
    onGain();
  };
  let renewing = renew();
  await renewing;
  /** One renewal behind the other; one that fails is made up for by the next, and reading fails with it. */
  const renewSoon = (): void => {
    renewing = renewing.then(renew).catch(() => {});
  };
  const timer = setInterval(renewSoon, leaseMs / 3);
  const stopListening = onAnnouncement(renewSoon);
  return {
    owner: membership.id,
    positions: () => positions,
    advance: (messages: readonly ReceivedMessage[]) => {
      positions = advance(
        positions,
        messages.filter(({ partition }) => positions.has(partition)),
      );
    },
    giveBack: async () => {
      clearInterval(timer);
      stopListening();
      await renewing;
      await membership.leave();
    },
  };
}
