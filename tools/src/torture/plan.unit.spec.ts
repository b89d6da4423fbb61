import { describe, expect, it } from '@jest/globals';
import type { FaultKind } from './faults/fault.js';
import { planOf, type Possible, type Step } from './plan.js';

const kind = (name: string, weight: number, uses?: string): FaultKind => ({
  ...{ name, weight, ...(uses !== undefined && { uses }) },
  victims: () => [],
  prepare: (_victim, random) => ({
    text: `for ${random.between(1, 1_000)} ms`,
    play: () => Promise.resolve(undefined),
  }),
});

const POSSIBLE: readonly Possible[] = [
  { kind: kind('often', 3), victims: ['a', 'b', 'c'] },
  { kind: kind('seldom', 1), victims: ['a', 'd'] },
  { kind: kind('starting', 1, 'start'), victims: ['e', 'f'] },
  { kind: kind('starting too', 1, 'start'), victims: ['g', 'h'] },
];

const told = (steps: readonly Step[]) =>
  steps.map(({ faults, restMs }) => [restMs, ...faults.map((one) => `${one.kind} ${one.victim} ${one.text}`)]);

describe('the plan of a torture', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(told(planOf(7, POSSIBLE, 50))).toEqual(told(planOf(7, POSSIBLE, 50)));
    expect(told(planOf(7, POSSIBLE, 50))).not.toEqual(told(planOf(8, POSSIBLE, 50)));
  });

  it.each([1, 2, 30, 500])('has %s faults when it is to have so many', (count) => {
    for (let seed = 1; seed <= 20; seed += 1)
      expect(planOf(seed, POSSIBLE, count).flatMap(({ faults }) => faults)).toHaveLength(count);
  });

  it('has each kind about as often as its weight says, alone and beside others', () => {
    const steps = planOf(1, POSSIBLE, 600);
    const faults = steps.flatMap((step) => step.faults);
    const times = (name: string) => faults.filter((one) => one.kind === name).length;
    expect(times('often')).toBeGreaterThan(2 * times('seldom'));
    expect(times('seldom')).toBeGreaterThan(50);
    expect(new Set(steps.map((step) => step.faults.length))).toEqual(new Set([1, 2, 3]));
  });

  it('has each kind once before any comes again', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const kinds = planOf(seed, POSSIBLE, POSSIBLE.length).flatMap(({ faults }) => faults.map((one) => one.kind));
      expect(new Set(kinds).size).toBe(POSSIBLE.length);
    }
  });

  it('lets nobody suffer two things at once, and uses nothing twice that there is once', () => {
    for (const { faults } of planOf(3, POSSIBLE, 1_000)) {
      expect(new Set(faults.map(({ victim }) => victim)).size).toBe(faults.length);
      expect(faults.filter(({ uses }) => uses === 'start').length).toBeLessThanOrEqual(1);
    }
  });

  it('can be none where nothing is possible', () => {
    expect(() => planOf(1, [], 1)).toThrow('nothing can befall this system');
  });
});
