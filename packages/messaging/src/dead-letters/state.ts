import type { Fate } from '../inbox/store.js';
import type { Letter } from './letter.js';

/**
 * What became of a letter.
 * `dead`: nothing yet. `redriven`: its message is on its way again. `applied`: its message has had its effects.
 * `superseded`: it was redriven and has died again, of which a later letter tells. `dropped`: it stays dead.
 * `expired`: the inbox no longer knows the message, so nobody can say whether it was applied.
 */
export const LETTER_STATES = ['dead', 'redriven', 'applied', 'superseded', 'dropped', 'expired'] as const;
export type LetterState = (typeof LETTER_STATES)[number];

/** A letter with its state. */
export interface Told {
  readonly letter: Letter;
  readonly state: LetterState;
}

/** The states of letters of one page. Where that has a later letter of the same message, it supersedes. */
export function tell(letters: readonly Letter[], fates: ReadonlyMap<string, Fate>): Told[] {
  const latest = new Map(letters.map(({ id, redrive }) => [id, redrive]));
  return letters.map((letter) => {
    const state = stateOf(letter, fates.get(letter.id));
    const isLatest = latest.get(letter.id) === letter.redrive;
    return { letter, state: isLatest || state === 'applied' ? state : 'superseded' };
  });
}

export function stateOf({ redrive }: Pick<Letter, 'redrive'>, fate: Fate | undefined): LetterState {
  if (fate === undefined) return 'expired';
  if (fate.outcome === 'done') return 'applied';
  if (fate.redrive > redrive) return 'superseded';
  if (fate.outcome === 'dropped') return 'dropped';
  return fate.redriven > redrive ? 'redriven' : 'dead';
}
