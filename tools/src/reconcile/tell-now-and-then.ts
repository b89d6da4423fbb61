import { tell } from '../command-line.js';
import type { Remainder } from './quiet.js';

/** How often one who waits is told what for, in ms. */
const tellEveryMs = 5_000;

/** Tells whoever waits for a verdict what is still under way. */
export function tellNowAndThen(): (remains: readonly Remainder[]) => void {
  let nextAt = performance.now() + tellEveryMs;
  return (remains) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + tellEveryMs;
    tell(`Waiting for ${remains.map(({ text }) => text).join('; ') || 'the topics to be at rest'} …`);
  };
}
