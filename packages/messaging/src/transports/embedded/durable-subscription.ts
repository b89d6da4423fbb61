import { BATCH_BYTES } from '../../size-limit.js';
import type { Subscription } from '../../subscriber.js';
import type { Cursors } from './cursors.js';
import type { Database } from './database.js';
import { joinSubscription } from './membership.js';
import { read } from './read.js';
import { createReceiver } from '../receive.js';
import { takeShare } from './share.js';
import type { Topic } from './topics.js';

export interface DurableOptions {
  readonly database: Database;
  readonly topic: Topic;
  readonly subscription: string;
  readonly cursors: Cursors;
  readonly leaseMs: number;
  readonly pollMs: number;
  /** Tells the consumers of the subscription, in every process, that the shares have changed. */
  readonly announce: () => void;
  /** Calls back at each publication to the topic; returns how to end that. */
  readonly onPublication: (callback: () => void) => () => void;
  /** Calls back when the shares have changed; returns how to end that. */
  readonly onAnnouncement: (callback: () => void) => () => void;
}

/** One of the competing consumers of a durable subscription. */
export async function subscribeDurably(options: DurableOptions): Promise<Subscription> {
  const { database, topic, subscription, cursors, leaseMs, pollMs, announce, onPublication, onAnnouncement } = options;
  const membership = joinSubscription(database, topic, subscription, leaseMs);
  const receiver = createReceiver(async (max) => {
    const portion = { max, bytes: BATCH_BYTES };
    const owner = { subscription, owner: membership.id };
    const messages = await read(database, topic, share.positions(), portion, owner);
    share.advance(messages);
    return messages;
  }, pollMs);
  const share = await takeShare({ membership, leaseMs, onGain: receiver.wake, onGiveBack: announce });
  const stopListening = [onPublication(receiver.wake), onAnnouncement(share.review)];
  announce();
  return {
    receive: receiver.receive,
    acknowledge: cursors.acknowledge,
    close: async () => {
      for (const stop of stopListening) stop();
      receiver.close();
      await share.giveBack();
    },
  };
}
