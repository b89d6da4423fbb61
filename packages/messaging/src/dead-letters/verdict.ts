import type { Letter } from './letter.js';
import type { LetterState } from './state.js';

/**
 * What a redrive does with a letter.
 * `redrive`: sends its message again. `on-its-way`, `applied`, `superseded`: there is nothing to do. `dropped`, `expired`,
 * `too-old`, `too-often`: only if it is forced. `too-large`, `body-gone`: it can't.
 */
export type RedriveVerdict =
  | 'redrive'
  | 'on-its-way'
  | 'applied'
  | 'superseded'
  | 'dropped'
  | 'expired'
  | 'too-old'
  | 'too-often'
  | 'too-large'
  | 'body-gone';

/** What a drop does with a letter. Of `expired` ones the inbox has nothing that could be dropped. */
export type DropVerdict = 'drop' | 'on-its-way' | 'applied' | 'superseded' | 'dropped' | 'expired';

export interface Limits {
  /** Redrives of a message after which another one has to be forced. */
  readonly maxRedrives: number;
  /** Age of a death, in ms, from which a redrive has to be forced. */
  readonly redriveHorizonMs: number;
}

type Dead = Pick<Letter, 'redrive' | 'diedAt'>;

export function judgeRedrive(
  letter: Dead,
  state: LetterState,
  { force, now, ...limits }: Limits & { readonly force: boolean; readonly now: Date },
): RedriveVerdict {
  if (state === 'redriven') return 'on-its-way';
  if (state === 'applied' || state === 'superseded') return state;
  if (force) return 'redrive';
  if (state !== 'dead') return state;
  if (now.getTime() - letter.diedAt.getTime() > limits.redriveHorizonMs) return 'too-old';
  return letter.redrive >= limits.maxRedrives ? 'too-often' : 'redrive';
}

export function judgeDrop(state: LetterState): DropVerdict {
  if (state === 'dead') return 'drop';
  return state === 'redriven' ? 'on-its-way' : state;
}

const DAY_MS = 86_400_000;

/** A verdict in words; of `redrive` and `drop` nothing has to be said. */
export function explain(
  verdict: RedriveVerdict | DropVerdict,
  { redrive, bytes }: Pick<Letter, 'redrive' | 'bytes'>,
  { maxRedrives, redriveHorizonMs }: Limits,
): string {
  const days = `${Number((redriveHorizonMs / DAY_MS).toPrecision(3))} days`;
  const why: Record<typeof verdict, string> = {
    redrive: '',
    drop: '',
    'on-its-way': `redrive ${redrive + 1} is on its way`,
    applied: 'the message was applied, there is nothing left to do',
    superseded: 'it was redriven and has died again; its later letter tells',
    dropped: 'it was dropped; force redrives it all the same',
    expired: 'the inbox no longer knows whether it was applied; a redrive that is forced may apply it twice',
    'too-old': `it died more than ${days} ago, so what it says may be over; force redrives it all the same`,
    'too-often': `it was redriven ${redrive} times, ${maxRedrives} at most: mend the cause, then force it`,
    'too-large': `it can't be published as it was; its body, ${bytes} bytes, is in messaging.large_body`,
    'body-gone': 'its body was too large for the letter and is no longer in messaging.large_body',
  };
  return why[verdict];
}
