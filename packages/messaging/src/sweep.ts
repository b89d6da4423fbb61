/**
 * From where on to look through a queue that is read in the order of a growing position, when what was done with is
 * deleted from it. While any transaction is open for long, PostgreSQL can't clean up what was deleted since it began, and
 * whoever looks from the beginning steps over all of that: after three minutes more than 100,000 rows at each look. So
 * most looks begin where one was already `lagMs` ms ago. What appears before that, in a transaction that took longer, is
 * found by a look from the beginning, at least every `lagMs`, or seldom enough to take a tenth of the time.
 */
export interface Sweep<Position extends bigint | number> {
  /** Where the next look begins; undefined: at the beginning. */
  begin(now: number): Position | undefined;
  /** What the look came to: the position of the last thing found, and whether more of it may lie behind that. */
  end(now: number, last: Position | undefined, more: boolean): void;
  /** Has the next look begin at the beginning. */
  restart(): void;
}

/** Most looks from the beginning take a share of the time, which is one in so many. */
const SHARE = 10;

export function createSweep<Position extends bigint | number>(lagMs = 1_000): Sweep<Position> {
  let wholeDueAt = Number.NEGATIVE_INFINITY;
  let whole: { readonly since: number } | undefined;
  // The furthest position found: ever, until the latest whole look, until the one before.
  let [found, foundOnce, foundTwice]: (Position | undefined)[] = [];
  let next: Position | undefined;
  return {
    begin: (now) => {
      whole = now >= wholeDueAt ? { since: now } : undefined;
      if (whole === undefined) return next ?? foundTwice;
      [foundTwice, foundOnce] = [foundOnce, found];
      return undefined;
    },
    end: (now, last, more) => {
      if (whole !== undefined) wholeDueAt = now + Math.max(lagMs, SHARE * (now - whole.since));
      if (last !== undefined && (found === undefined || last > found)) found = last;
      next = more ? last : undefined;
    },
    restart: () => {
      wholeDueAt = Number.NEGATIVE_INFINITY;
    },
  };
}
