import type { Step } from './step.js';

/** What the place of a step depends on. */
export type Placed = Pick<Step, 'messageId' | 'causationId' | 'at'>;

/**
 * The steps in the order in which they happened: none before the one that caused it, for clocks differ, and beyond that
 * by time; of equal times by id, so that the order is always the same. A cause that is not among the steps holds nothing
 * back. Causes that go round in a circle, which no honest sender makes, are cut at the earliest step of the circle.
 */
export function inOrder<Entry extends Placed>(steps: readonly Entry[]): Entry[] {
  const waiting = steps.toSorted(byTime);
  const open = new Map(waiting.map((step) => [step.messageId, step]));
  const placed: Entry[] = [];
  while (waiting.length > 0) {
    const ready = waiting.findIndex((step) => causeOf(step, open) === undefined);
    const index = ready >= 0 ? ready : earliestOfCircle(waiting, open);
    for (const step of waiting.splice(index, 1)) {
      open.delete(step.messageId);
      placed.push(step);
    }
  }
  return placed;
}

function byTime(one: Placed, other: Placed): number {
  return one.at.getTime() - other.at.getTime() || (one.messageId < other.messageId ? -1 : 1);
}

/** The step that has to come first, if it has not come yet. */
function causeOf<Entry extends Placed>(step: Entry, open: ReadonlyMap<string, Entry>): Entry | undefined {
  const { causationId, messageId } = step;
  return causationId === null || causationId === messageId ? undefined : open.get(causationId);
}

/** Where every step waits for another, the way back from any of them ends in a circle. */
function earliestOfCircle<Entry extends Placed>(waiting: readonly Entry[], open: ReadonlyMap<string, Entry>): number {
  const path: Entry[] = [];
  let step = waiting[0];
  while (step !== undefined && !path.includes(step)) {
    path.push(step);
    step = causeOf(step, open);
  }
  const circle = new Set(step === undefined ? path : path.slice(path.indexOf(step)));
  return waiting.findIndex((entry) => circle.has(entry));
}
