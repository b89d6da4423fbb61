import { describe, expect, it } from '@jest/globals';
import type { Fate } from '../inbox/store.js';
import { type LetterState, stateOf } from './state.js';
import { explain, judgeDrop, judgeRedrive } from './verdict.js';

const fate = (outcome: Fate['outcome'], redrive: number, redriven = 0): Fate => ({ outcome, redrive, redriven });

describe('the state of a letter', () => {
  it.each<[string, number, Fate | undefined, LetterState]>([
    ['nothing happened since', 0, fate('dead', 0), 'dead'],
    ['it was redriven', 0, fate('dead', 0, 1), 'redriven'],
    ['its redrive has died too', 0, fate('dead', 1, 1), 'superseded'],
    ['it is the letter of that second death', 1, fate('dead', 1, 1), 'dead'],
    ['its message was handled', 0, fate('done', 1, 1), 'applied'],
    ['it was dropped', 1, fate('dropped', 1, 1), 'dropped'],
    ['a later letter was dropped', 0, fate('dropped', 1, 1), 'superseded'],
    ['an earlier letter was redriven by force, whose row had gone', 1, fate('dead', 0, 1), 'dead'],
    ['the inbox does not know it', 0, undefined, 'expired'],
  ])('when %s', (_, redrive, known, state) => {
    expect(stateOf({ redrive }, known)).toBe(state);
  });
});

describe('a redrive', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const limits = { maxRedrives: 3, redriveHorizonMs: 14 * 86_400_000 };
  const died = (daysAgo: number) => new Date(now.getTime() - daysAgo * 86_400_000);
  const judge = (state: LetterState, { force = false, redrive = 0, diedAt = died(1) } = {}) =>
    judgeRedrive({ redrive, diedAt }, state, { ...limits, force, now });

  it('is for the dead, and by force for the dropped and for those that nobody knows', () => {
    const states: LetterState[] = ['dead', 'redriven', 'applied', 'superseded', 'dropped', 'expired'];
    expect(states.map((state) => judge(state))).toEqual([
      ...['redrive', 'on-its-way', 'applied', 'superseded', 'dropped', 'expired'],
    ]);
    expect(states.map((state) => judge(state, { force: true }))).toEqual([
      ...['redrive', 'on-its-way', 'applied', 'superseded', 'redrive', 'redrive'],
    ]);
  });

  it('ends after so many, unless it is forced', () => {
    expect([2, 3, 4].map((redrive) => judge('dead', { redrive }))).toEqual(['redrive', 'too-often', 'too-often']);
    expect(judge('dead', { redrive: 4, force: true })).toBe('redrive');
  });

  it('ends at the horizon, unless it is forced', () => {
    expect([14, 14.01].map((days) => judge('dead', { diedAt: died(days) }))).toEqual(['redrive', 'too-old']);
    expect(judge('dead', { diedAt: died(400), force: true })).toBe('redrive');
  });

  it('says why it is refused, with the limits', () => {
    const explained = (verdict: Parameters<typeof explain>[0]) =>
      explain(verdict, { redrive: 3, bytes: 600_000 }, limits);
    expect(explained('too-old')).toContain('more than 14 days ago');
    expect(explained('too-often')).toContain('3 times, 3 at most');
    expect(explained('too-large')).toContain('600000 bytes');
    expect([explained('redrive'), explained('drop')]).toEqual(['', '']);
  });
});

describe('a drop', () => {
  it('is for the dead only', () => {
    const states: LetterState[] = ['dead', 'redriven', 'applied', 'superseded', 'dropped', 'expired'];
    expect(states.map(judgeDrop)).toEqual(['drop', 'on-its-way', 'applied', 'superseded', 'dropped', 'expired']);
  });
});
