import { describe, expect, it } from '@jest/globals';
import { type Kind, KINDS } from '../findings.js';
import type { Evidence } from './evidence.js';
import { type Asked, judge } from './judge.js';
import { NO_TRIES, type Tries } from './tries.js';

const asked: Asked[] = [
  { transfer: 't1', poison: undefined, outcome: 'accepted' },
  { transfer: 't2', poison: undefined, outcome: 'accepted', number: 2 },
  { transfer: 't3', poison: undefined, outcome: 'unknown' },
  { transfer: 't4', poison: { stage: 'source', kind: 'throws' }, outcome: 'accepted' },
  { transfer: 't5', poison: { stage: 'sink', kind: 'refused' }, outcome: 'accepted' },
];

const entry = (number: number, transfer: string) => ({ account: 'a', number, transfer });
const published = (number: number, transfer: string) => ({ ...entry(number, transfer), id: `e${number}` });

/** Those of the transfer that fails. */
function triesOf(tries: Partial<Tries>): ReadonlyMap<string, Tries> {
  return new Map([['t4', { ...NO_TRIES, counted: 3, highest: 3, ...tries }]]);
}

/** What comes of all that when nothing goes wrong; the unknown transfer never was. */
const whole: Evidence = {
  entries: [entry(1, 't1'), entry(2, 't2'), entry(3, 't5')],
  publishedEntries: [published(1, 't1'), published(2, 't2'), published(1, 't1'), published(3, 't5')],
  arrivals: [1, 2].map((number) => ({ account: 'a', number, entry: `e${number}` })),
  receipts: [1, 2].map((number) => ({ ...entry(number, ''), id: `r${number}` })),
  letters: [
    { stage: 'source', id: 't4', attempts: 3, diedAt: '10:00' },
    { stage: 'sink', id: 'e3', attempts: 1, diedAt: '10:01' },
    { stage: 'sink', id: 'e3', attempts: 1, diedAt: '10:01' },
  ],
  tries: triesOf({ tried: 3 }),
  waiting: { source: 0, sink: 0 },
};

/** The kinds of what is found when the evidence is changed. */
function found(changes: Partial<Evidence>, interruptions = 0): Kind[] {
  const findings = judge(asked, { ...whole, ...changes }, { maxAttempts: 3, interruptions });
  return KINDS.filter((kind) => findings.some((one) => one.kind === kind));
}

describe('the judge of the pipeline', () => {
  it('finds nothing where each accepted transfer went all the way once, and exactly the poison is dead', () => {
    expect(judge(asked, whole, { maxAttempts: 3, interruptions: 0 })).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, Kind[]]>([
    ['a transfer without its entry', { entries: whole.entries.slice(0, 2) }, ['lost', 'doubled']],
    ['a transfer with two entries', { entries: [...whole.entries, entry(4, 't1')] }, ['lost', 'doubled']],
    ['an entry that nobody asked for', { entries: [...whole.entries, entry(4, 't9')] }, ['lost', 'doubled']],
    ['an entry that was not published', { publishedEntries: whole.publishedEntries.slice(0, 3) }, ['lost', 'doubled']],
    [
      'an entry that was published under two ids',
      { publishedEntries: [...whole.publishedEntries, { ...published(2, 't2'), id: 'e9' }] },
      ['lost', 'doubled', 'disordered'],
    ],
    ['entries in another order', { publishedEntries: whole.publishedEntries.toReversed() }, ['disordered']],
    ['an arrival that is missing', { arrivals: whole.arrivals.slice(1) }, ['lost', 'doubled']],
    ['an arrival that is there twice', { arrivals: [...whole.arrivals, ...whole.arrivals] }, ['doubled']],
    ['arrivals in another order', { arrivals: whole.arrivals.toReversed() }, ['disordered']],
    ['a receipt that is missing', { receipts: whole.receipts.slice(1) }, ['lost']],
    ['a letter that is missing', { letters: whole.letters.slice(1) }, ['lost']],
    [
      'a second death',
      { letters: [...whole.letters, { stage: 'sink', id: 'e3', attempts: 1, diedAt: '11:00' }] },
      ['doubled'],
    ],
    [
      'a death of what is no poison',
      { letters: [...whole.letters, { stage: 'sink', id: 'e1', attempts: 3, diedAt: '11:00' }] },
      ['doubled'],
    ],
    ['a try too few', { tries: triesOf({ tried: 2 }) }, ['lost']],
    ['a try too many', { tries: triesOf({ tried: 4 }) }, ['doubled']],
    ['a count too many', { tries: triesOf({ tried: 2, counted: 2 }) }, ['doubled']],
    ['a message that waits', { waiting: { source: 1, sink: 0 } }, ['lost']],
  ])('finds %s', (_, changes, kinds) => {
    expect(found(changes)).toEqual(kinds);
  });

  it('allows a try that was counted and never came to be only where a process died or stood still', () => {
    expect(found({ tries: triesOf({ tried: 2, unreached: 1 }) }, 1)).toEqual([]);
    expect(found({ tries: triesOf({ tried: 2, unreached: 1 }) })).toEqual(['lost']);
    expect(found({ tries: triesOf({ tried: 1, unreached: 2 }) }, 1)).toEqual(['lost']);
    expect(found({ tries: triesOf({ tried: 2, idle: 1 }) }, 3)).toEqual(['lost']);
    expect(found({ tries: triesOf({ tried: 2 }) }, 3)).toEqual(['lost']);
    const buriedLate = whole.letters.map((letter) => ({
      ...letter,
      attempts: letter.id === 'e3' ? 2 : letter.attempts,
    }));
    expect(found({ letters: buriedLate }, 1)).toEqual([]);
    expect(found({ letters: buriedLate })).toEqual(['lost']);
  });
});
