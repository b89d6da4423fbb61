import type { Figures } from '../system/figures.js';
import { fine, type Table, whole } from '../system/report.js';

/** How many processes take payments, and how many calls of the gateway each has under way. */
export interface Setup {
  readonly replicas: number;
  readonly concurrency: number;
}

/** What was measured with one. */
export interface Point extends Setup {
  /** Orders per second that the gateway lets through, at best. */
  readonly limit: number;
  readonly figures: Figures;
  /** Whether every order was handled as it should be. */
  readonly isFine: boolean;
}

export interface Scaling {
  readonly place: string;
  readonly machine: string;
  readonly latencyMs: number;
  readonly points: readonly Point[];
}

/** A row for each setup. */
export const tableOf = ({ points }: Scaling): Table => [
  ['replicas of payment', 'calls of each', 'gateway lets through, per second', 'finished per second', 'share'],
  ...points.map(({ replicas, concurrency, limit, figures: { finished } }) => [
    ...[whole(replicas), whole(concurrency), whole(limit), whole(finished), fine(finished / limit)],
  ]),
];
