import type { FiredAlarm } from './site/alarms.js';
import type { Judgement } from './judge.js';
import type { Played } from './run.js';
import type { Tracker } from './tracker.js';

/** All that is to be told of a run. */
export interface Outcome {
  /** The command that plays the same faults again. */
  readonly again: string;
  /** Of which broker, and on which machine. */
  readonly place: string;
  readonly played: readonly Played[];
  /** The names of all kinds of fault, in the order in which they are told. */
  readonly kinds: readonly string[];
  readonly tracker: Pick<Tracker, 'samples' | 'latencies'>;
  /** How long a recovery takes where there is nothing to recover from, in ms. */
  readonly calmMs: number;
  /** What fired from the first fault on. */
  readonly alarms: readonly FiredAlarm[];
  readonly judgement: Judgement;
}
