/** Times are noisy upwards only: the shortest of some is the truest. */
const ROUNDS = 15;

/** Does something `count` times and returns a number that it made of that, so that nothing can be left out. */
export type Loop = (count: number) => number;

/** How long one passage of each loop takes, in ns. The loops take turns, so that all have the same weather. */
export function nanosecondsOf<Name extends string>(
  count: number,
  loops: Readonly<Record<Name, Loop>>,
): Record<Name, number> {
  const names = Object.keys(loops) as Name[];
  const best = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<Name, number>;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) {
      const begunAt = performance.now();
      if (Number.isNaN(loops[name](count))) throw new Error(`${name} made no number`);
      best[name] = Math.min(best[name], ((performance.now() - begunAt) * 1e6) / count);
    }
  }
  return best;
}
