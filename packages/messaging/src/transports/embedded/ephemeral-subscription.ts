import { BATCH_BYTES } from '../../size-limit.js';
import type { Subscription } from '../../subscriber.js';
import type { Database } from './database.js';
import { advance, type Positions, read } from './read.js';
import { createReceiver } from '../receive.js';
import type { Topic } from './topics.js';

/** A reader of all partitions that keeps its place in memory. */
export function subscribeEphemerally(options: {
  readonly database: Database;
  readonly topic: Topic;
  readonly start: Positions;
  readonly pollMs: number;
  /** Calls back at each publication to the topic; returns how to end that. */
  readonly onPublication: (callback: () => void) => () => void;
}): Subscription {
  const { database, topic, start, pollMs, onPublication } = options;
  let positions = start;
  const receiver = createReceiver(async (max) => {
    const messages = await read(database, topic, positions, { max, bytes: BATCH_BYTES });
    positions = advance(positions, messages);
    return messages;
  }, pollMs);
  const stopListening = onPublication(receiver.wake);
  return {
    receive: receiver.receive,
    acknowledge: async () => {},
    close: async () => {
      stopListening();
      receiver.close();
    },
  };
}
