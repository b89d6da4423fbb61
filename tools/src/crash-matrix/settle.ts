import { setTimeout as delay } from 'node:timers/promises';

/** What is to be seen of a run while it settles: numbers that are 0 in the end, and others that only show movement. */
export interface Look {
  readonly left: number;
  readonly moves: readonly number[];
}

/** How often to look, in ms. */
const LOOK_MS = 40;

/** Waits until nothing is left; false if nothing has moved for `stallMs`. */
export async function untilSettled(look: () => Promise<Look>, stallMs: number): Promise<boolean> {
  let seen = '';
  let movedAt = performance.now();
  for (;;) {
    const { left, moves } = await look();
    if (left === 0) return true;
    const now = JSON.stringify([left, moves]);
    if (now !== seen) [seen, movedAt] = [now, performance.now()];
    if (performance.now() - movedAt > stallMs) return false;
    await delay(LOOK_MS);
  }
}
