import { type Backoff, delayAfter } from '../backoff.js';
import type { Logger } from '../logger.js';

/**
 * The topics that took no messages a moment ago. Each is left alone for a growing delay, so that it neither holds up
 * the others nor is asked without end. A topic rests as a whole: its messages stay in order. Times in ms.
 */
export interface RestingTopics {
  /** The topics that are not to be tried now. */
  names(now: number): string[];
  /** Until when that changes at the earliest. */
  nextDueAt(now: number): number;
  /** Takes note of what became of the messages of these topics. Logs one line when topics fail, one when they work again. */
  note(outcomes: ReadonlyMap<string, Error | undefined>, now: number): void;
}

export function createRestingTopics(backoff: Backoff, logger: Logger): RestingTopics {
  const resting = new Map<string, { failures: number; dueAt: number }>();
  return {
    names: (now) => [...resting].filter(([, { dueAt }]) => dueAt > now).map(([name]) => name),
    nextDueAt: (now) => Math.min(...[...resting.values()].map(({ dueAt }) => dueAt).filter((dueAt) => dueAt > now)),
    note: (outcomes, now) => {
      const failing = [...outcomes].filter(([, error]) => error !== undefined);
      const fresh = failing.filter(([topic]) => !resting.has(topic));
      for (const [topic] of failing) {
        const failures = (resting.get(topic)?.failures ?? 0) + 1;
        resting.set(topic, { failures, dueAt: now + delayAfter(failures, backoff) });
      }
      const working = [...outcomes.keys()].filter(
        (topic) => outcomes.get(topic) === undefined && resting.delete(topic),
      );
      const [first] = fresh;
      if (first !== undefined) {
        const topics = fresh.map(([topic]) => topic);
        logger.warn({ err: first[1], topics }, 'outbox relay: could not publish, trying until it can');
      }
      if (working.length > 0) logger.info({ topics: working }, 'outbox relay: publishes again');
    },
  };
}
