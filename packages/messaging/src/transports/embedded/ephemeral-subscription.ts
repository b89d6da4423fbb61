import type { Subscription } from '../../subscriber.js';
import { createWake } from '../../wake.js';
import type { Database } from './database.js';
import { advance, type Positions, read } from './read.js';
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
  const wake = createWake();
  const stopListening = onPublication(wake.wake);
  let positions = start;
  return {
    receive: async (max, waitMs, signal) => {
      const deadline = performance.now() + waitMs;
      for (;;) {
        const messages = await read(database, topic, positions, max);
        positions = advance(positions, messages);
        const left = deadline - performance.now();
        if (messages.length > 0 || left <= 0 || signal.aborted) return messages;
        await wake.wait(Math.min(left, pollMs), signal);
      }
    },
    acknowledge: async () => {},
    close: async () => {
      stopListening();
    },
  };
}
