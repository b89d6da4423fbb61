import type { Played } from './run.js';

/** Of one kind of fault. */
export interface KindFigures {
  readonly kind: string;
  readonly count: number;
  /** Times to recover in ms, of those that came alone. */
  readonly recoveries: readonly number[];
}

/** One row for each kind that was played, in the order of the names given. */
export function figuresByKind(played: readonly Played[], names: readonly string[]): KindFigures[] {
  return names.flatMap((kind) => {
    const mine = played.filter((one) => one.kind === kind);
    const recoveries = mine.flatMap(({ recoveryMs }) => (recoveryMs === undefined ? [] : [recoveryMs]));
    return mine.length === 0 ? [] : [{ kind, count: mine.length, recoveries }];
  });
}
