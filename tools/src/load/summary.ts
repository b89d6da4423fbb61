import { readFileSync } from 'node:fs';

/** What k6 has measured, as `loadtest/phases.ts` writes it. */
export interface Summary {
  readonly phases: readonly { readonly name: string; readonly rate: number; readonly seconds: number }[];
  /** By name, such as `accept` and `accept{scenario:spike}`. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

interface Metric {
  /** By aggregate, such as `count` and `p(99)`. */
  readonly values: Readonly<Record<string, number>>;
  /** By expression, such as `p(99)<=15`. */
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

export const readSummary = (file: string): Summary => JSON.parse(readFileSync(file, 'utf8')) as Summary;
