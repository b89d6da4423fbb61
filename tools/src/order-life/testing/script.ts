import * as fc from 'fast-check';
import { happens } from '../../../../packages/messaging/fixtures/model/steps.js';
import type { How } from './turns.js';

/** What happens next. A number names one of those that there are at that moment, modulo how many they are. */
export type LifeEvent =
  | { readonly do: 'ask again'; readonly order: number }
  | Handling
  | { readonly do: 'publish again'; readonly topic: number; readonly which: number }
  | { readonly do: 'drop a message'; readonly topic: number; readonly which: number }
  | { readonly do: 'forget an inbox'; readonly topic: number }
  | { readonly do: 'claim'; readonly who: number; readonly limit: number; readonly how: How }
  | { readonly do: 'go on'; readonly which: number; readonly how: How }
  | { readonly do: 'kill a worker'; readonly who: number }
  | { readonly do: 'stop a worker'; readonly who: number }
  | { readonly do: 'turn the gateway'; readonly isDown: boolean }
  | { readonly do: 'let time pass'; readonly ms: number };

/** Messages of a topic are handled together: so many, from that one on. */
export interface Handling {
  readonly do: 'handle messages';
  readonly topic: number;
  readonly from: number;
  readonly many: number;
  readonly how: How;
}

/** The name of the trouble that calls fail or their answers are lost. */
const FAILING_CALLS = 'calls fail';
/** The name of the trouble that messages overtake each other. */
const OVERTAKING = 'messages overtake';
const TROUBLES: readonly (LifeEvent['do'] | typeof FAILING_CALLS | typeof OVERTAKING)[] = [
  'ask again',
  'publish again',
  'drop a message',
  'forget an inbox',
  'kill a worker',
  'stop a worker',
  'turn the gateway',
  'let time pass',
  FAILING_CALLS,
  OVERTAKING,
];

/** What happens, without some troubles; the orders that there are; and who is frozen while the others come to rest. */
export interface LifeScript {
  /** The ends of their ids: what the gateway thinks of an order is written there. */
  readonly orders: readonly number[];
  /** What is wrong with the gateway for half of the orders. */
  readonly fault: 'none' | 'answers-twice' | 'answer-lost';
  readonly without: readonly (typeof TROUBLES)[number][];
  readonly events: readonly LifeEvent[];
  readonly frozen: number | null;
}

/** The replicas of payment. */
export const SEATS = 2;
const MOST_ORDERS = 2;
const MOST_EVENTS = 60;

const how: fc.Arbitrary<How> = fc.constantFrom('works', 'works', 'works', 'works', 'works', 'fails', 'is lost');
const topic = fc.nat({ max: 2 });
const who = fc.nat({ max: SEATS - 1 });
const which = fc.nat({ max: 11 });
const from = fc.constantFrom(0, 0, 0, 1, 2);

const event: fc.Arbitrary<LifeEvent> = fc.oneof(
  { weight: 1, arbitrary: happens('ask again', { order: fc.nat({ max: MOST_ORDERS - 1 }) }) },
  { weight: 14, arbitrary: happens('handle messages', { topic, from, many: fc.integer({ min: 1, max: 3 }), how }) },
  { weight: 2, arbitrary: happens('publish again', { topic, which }) },
  { weight: 1, arbitrary: happens('drop a message', { topic, which }) },
  { weight: 1, arbitrary: happens('forget an inbox', { topic }) },
  { weight: 6, arbitrary: happens('claim', { who, limit: fc.integer({ min: 1, max: 2 }), how }) },
  { weight: 14, arbitrary: happens('go on', { which, how }) },
  { weight: 1, arbitrary: happens('kill a worker', { who }) },
  { weight: 1, arbitrary: happens('stop a worker', { who }) },
  { weight: 1, arbitrary: happens('turn the gateway', { isDown: fc.boolean() }) },
  // A retry, a deadline, a lease.
  { weight: 4, arbitrary: happens('let time pass', { ms: fc.constantFrom(600, 11_000, 31_000) }) },
);

export const lifeScripts: fc.Arbitrary<LifeScript> = fc.record({
  orders: fc.uniqueArray(fc.nat({ max: 0xffff }), { minLength: 1, maxLength: MOST_ORDERS }),
  fault: fc.constantFrom('none', 'answers-twice', 'answer-lost'),
  without: fc.subarray([...TROUBLES]),
  events: fc.array(event, { maxLength: MOST_EVENTS, size: 'max' }),
  frozen: fc.option(who),
});

/** The events that are left without the troubles that the script does without. */
export function eventsOf({ events, without }: LifeScript): LifeEvent[] {
  const works = without.includes(FAILING_CALLS) ? { how: 'works' as const } : {};
  const first = without.includes(OVERTAKING) ? { from: 0 } : {};
  return events
    .filter((event) => !without.includes(event.do))
    .map((event) => ('how' in event ? { ...event, ...works } : event))
    .map((event) => ('from' in event ? { ...event, ...first } : event));
}
