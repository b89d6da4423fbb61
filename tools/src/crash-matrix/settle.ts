import { AlpesError } from '@alpes/messaging';
import { setTimeout as delay } from 'node:timers/promises';

/** What is to be seen of a run while it settles: numbers that are 0 in the end, and others that only show movement. */
export interface Look {
  readonly left: number;
  readonly moves: readonly number[];
}

/** How often to look, in ms, at most: looks are not to be what keeps the broker busy. */
const LOOK_MS = 40;
/** How much longer than a look the time without one is, at least. */
const REST = 4;

/** Waits until nothing is left; false if nothing has moved for `stallMs`. What is away for a moment can't be looked at. */
export async function untilSettled(look: () => Promise<Look>, stallMs: number): Promise<boolean> {
  let seen = '';
  let movedAt = performance.now();
  for (;;) {
    const beganAt = performance.now();
    const found = await look().catch(unseen);
    if (found?.left === 0) return true;
    const now = found === undefined ? seen : JSON.stringify(found);
    if (now !== seen) [seen, movedAt] = [now, performance.now()];
    if (performance.now() - movedAt > stallMs) return false;
    await delay(Math.max(LOOK_MS, REST * (performance.now() - beganAt)));
  }
}

function unseen(thrown: unknown): undefined {
  if (AlpesError.from(thrown).code !== 'unavailable') throw thrown;
}
