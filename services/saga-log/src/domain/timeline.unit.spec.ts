import { describe, expect, it } from '@jest/globals';
import { inOrder, type Placed } from './timeline.js';

/** A step: its id, when it says it was, and what caused it. */
function step(messageId: string, second: number, causationId: string | null = null): Placed {
  return { messageId, causationId, at: new Date(Date.UTC(2026, 0, 1, 10, 0, second)) };
}

const order = (...steps: Placed[]) => inOrder(steps).map(({ messageId }) => messageId);

describe('the steps of a timeline', () => {
  it('are sorted by time where nothing else is known', () => {
    expect(order(step('c', 3), step('a', 1), step('b', 2))).toEqual(['a', 'b', 'c']);
  });

  it('are sorted by id where they have the same time, however they come', () => {
    expect(order(step('b', 1), step('c', 1), step('a', 1))).toEqual(['a', 'b', 'c']);
    expect(order(step('c', 1), step('a', 1), step('b', 1))).toEqual(['a', 'b', 'c']);
  });

  it('never stand before the one that caused them, though its clock is fast', () => {
    expect(order(step('effect', 1, 'cause'), step('cause', 5))).toEqual(['cause', 'effect']);
    expect(order(step('z', 1, 'y'), step('y', 2, 'x'), step('x', 9))).toEqual(['x', 'y', 'z']);
  });

  it('follow their cause also when both have the same time', () => {
    expect(order(step('a', 1, 'b'), step('b', 1))).toEqual(['b', 'a']);
  });

  it('of one cause are sorted by time, and others stand between them', () => {
    const steps = [step('root', 1), step('late', 6, 'root'), step('other', 4), step('early', 2, 'root')];
    expect(order(...steps)).toEqual(['root', 'early', 'other', 'late']);
  });

  it('are not held back by a cause that is not among them, or by themselves', () => {
    expect(order(step('b', 2, 'unknown'), step('a', 1, 'a'))).toEqual(['a', 'b']);
  });

  it('are all there, once each, when causes go round in a circle, which begins with its earliest step', () => {
    expect(order(step('a', 3, 'c'), step('b', 1, 'a'), step('c', 2, 'b'))).toEqual(['b', 'c', 'a']);
  });

  it('that a circle has caused follow it, however early they say they were', () => {
    const steps = [step('effect', 1, 'a'), step('a', 3, 'b'), step('b', 2, 'a'), step('free', 9)];
    expect(order(...steps)).toEqual(['free', 'b', 'a', 'effect']);
  });

  it('are none when there are none', () => {
    expect(inOrder([])).toEqual([]);
  });

  it('come out the same in whatever order they go in', () => {
    const steps = [step('r', 5), step('s', 1, 'r'), step('t', 2, 's'), step('u', 2, 's'), step('v', 0, 'nobody')];
    const expected = order(...steps);
    expect(order(...steps.toReversed())).toEqual(expected);
    expect(order(...steps.slice(2), ...steps.slice(0, 2))).toEqual(expected);
  });
});
