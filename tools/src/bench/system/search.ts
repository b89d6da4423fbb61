import { acceptTimes, finishingTimes, perSecond, type Trial } from './trial.js';

/** Longest time in ms from accepted to finished of 99 % of the orders, at a rate that is sustained. */
export const SUSTAINED_P99_MS = 1_000;
/** The search ends when the limit is known so well. */
const PRECISION = 1.06;

/** Whether nothing was refused and everything was finished soon, at the rate at which it came. */
export function isSustained(trial: Trial): boolean {
  const isKept = perSecond(trial, ({ answeredAt }) => answeredAt) >= 0.97 * trial.rate;
  return Object.keys(trial.refused).length === 0 && isKept && finishingTimes(trial).p99 < SUSTAINED_P99_MS;
}

/**
 * The largest rate that is sustained: doubles from `first` until one is not, or halves until one is, then narrows it down. Of
 * each rate two tries of three decide, for a shared machine has moments in which it does something else. `attempt` is asked
 * for whole orders per second. Undefined if one a second is too much.
 */
export async function searchRate(
  first: number,
  attempt: (rate: number) => Promise<Trial>,
): Promise<number | undefined> {
  let best: number | undefined;
  let tooMuch = Infinity;
  const isKnown = (enough = 0): boolean => tooMuch <= Math.max(PRECISION * enough, enough + 1);
  for (let rate = first; !isKnown(best);) {
    if (await twoOfThree(async () => isSustained(await attempt(rate)))) best = rate;
    else tooMuch = rate;
    if (best === undefined) rate = Math.floor(rate / 2);
    else rate = tooMuch === Infinity ? 2 * best : Math.round(Math.sqrt(best * tooMuch));
  }
  return best;
}

async function twoOfThree(ask: () => Promise<boolean>): Promise<boolean> {
  const first = await ask();
  const second = await ask();
  return first === second ? first : ask();
}

/** A line for a person who waits. */
export function describeTrial(trial: Trial): string {
  const finished = perSecond(trial, ({ finishedAt }) => finishedAt);
  const ms = (value: number): string => (value === Infinity ? 'never' : `${value.toFixed(0)} ms`);
  const refused = Object.entries(trial.refused).map(([why, count]) => `, ${count} × ${why}`);
  return [
    `${Number(trial.rate.toFixed(1))}/s offered: finished ${finished.toFixed(0)}/s`,
    `accept p99 ${ms(acceptTimes(trial).p99)}`,
    `accept→finished p99 ${ms(finishingTimes(trial).p99)}${refused.join('')}`,
  ].join(', ');
}
