const first = 250;
const longest = 5_000;
/** Who has lived this long in ms was well: its next crash is a first one. */
const healthy = 30_000;

/** How long to wait before a process that ended is started again, given how long it lived; both in ms. */
export function restartDelays(): (livedMs: number) => number {
  let crashes = 0;
  return (livedMs) => {
    crashes = livedMs >= healthy ? 0 : crashes;
    const delay = Math.min(longest, first * 2 ** crashes);
    crashes += 1;
    return delay;
  };
}
