import type { TryNote } from '../subject/protocol.js';

/** What became of the tries of a message. */
export interface Tries {
  /** How many came to the poison, of those that were counted. */
  readonly tried: number;
  /** How many may have been counted and came to nothing: a process did not live to it, or another was faster. */
  readonly unreached: number;
  /** How often a process counted one although the one before had come to nothing. */
  readonly idle: number;
  /** How often one was counted, at most. */
  readonly counted: number;
  /** The highest count that a process was told. */
  readonly highest: number;
}

/** Of a message that nobody tried. */
export const NO_TRIES: Tries = { tried: 0, unreached: 0, idle: 0, counted: 0, highest: 0 };

/** Adds the notes up, by the message's id. */
export function addUp(notes: readonly TryNote[]): ReadonlyMap<string, Tries> {
  const sums = new Map<string, Tries>();
  const add = (id: string, { attempts = 0 }: Pick<TryNote, 'attempts'>, more: Partial<Tries>): void => {
    const { tried, unreached, idle, counted, highest } = sums.get(id) ?? NO_TRIES;
    sums.set(id, {
      ...{ tried: tried + (more.tried ?? 0), unreached: unreached + (more.unreached ?? 0) },
      ...{ idle: idle + (more.idle ?? 0), counted: counted + (more.counted ?? 0) },
      highest: Math.max(highest, attempts),
    });
  };
  // What a process has begun with a message. Each process by itself: they don't wait for each other.
  const begun = new Map<string, TryNote>();
  for (const note of notes) {
    const { by, id, what } = note;
    const one = `${by} ${id}`;
    const before = begun.get(one)?.what;
    if (what === 'counting' && before !== undefined) add(id, {}, before === 'counted' ? { idle: 1 } : { unreached: 1 });
    add(id, note, { counted: what === 'counting' ? 1 : 0, tried: what === 'tried' ? 1 : 0 });
    if (ENDS.has(what)) begun.delete(one);
    else begun.set(one, note);
  }
  for (const { id } of begun.values()) add(id, {}, { unreached: 1 });
  return sums;
}

const ENDS: ReadonlySet<TryNote['what']> = new Set(['tried', 'uncounted', 'spent']);
