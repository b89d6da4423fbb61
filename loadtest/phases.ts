import type { Options, Scenario } from 'k6/options';
import { summaryFile } from './settings.ts';

/** A time in which orders come at a constant rate, whatever becomes of them. */
export interface Phase {
  readonly name: string;
  /** Orders a minute. */
  readonly rate: number;
  readonly seconds: number;
  /** How many orders a second are asked after until their end. */
  readonly sampled: number;
}

/** What is told of each phase. */
const METRICS = ['accept', 'finished', 'accepted', 'refused', 'errors', 'dropped_iterations'];
/** How many seconds answers may take before there is no client left to order. */
const PATIENCE_S = 5;
/**
 * Clients of all phases, each with a connection: fewer than the BFF takes. Phases share them by what they would need, so that in the last
 * of a ramp there are more than the BFF has orders under way.
 */
const MOST_VUS = 1_800;

/** Options of k6 for phases one after the other, and limits by metric: `{ 'accept{scenario:spike}': ['p(99)<=15'] }`. */
export function optionsOf(phases: readonly Phase[], limits: Readonly<Record<string, string[]>>): Options {
  // A metric of one phase is in the summary only if there is a limit to it, if only an empty one.
  const told = phases.flatMap(({ name }) => METRICS.map((metric): [string, string[]] => [of(metric, name), []]));
  return {
    scenarios: scenariosOf(phases),
    thresholds: { ...Object.fromEntries(told), ...limits },
    summaryTrendStats: ['count', 'med', 'p(99)', 'max'],
    // Others are as many as there are orders.
    systemTags: ['scenario'],
  };
}

/** The name of a metric within a phase. */
export const of = (metric: string, phase: string): string => `${metric}{scenario:${phase}}`;

/** A limit, or none where it is not judged. */
export const atMost = (metric: string, most: number | undefined): Record<string, string[]> =>
  most === undefined ? {} : { [metric]: [`p(99)<=${most}`] };

function scenariosOf(phases: readonly Phase[]): Record<string, Scenario> {
  const scenarios: Record<string, Scenario> = {};
  const needed = ({ rate, sampled }: Phase): number => PATIENCE_S * (rate / 60 + sampled);
  const share = Math.min(1, MOST_VUS / phases.reduce((sum, phase) => sum + needed(phase), 0));
  let startTime = 0;
  for (const phase of phases) {
    const { name, rate, seconds, sampled } = phase;
    const perSecond = rate / 60;
    scenarios[name] = {
      ...{ executor: 'constant-arrival-rate', exec: 'placeOrder' },
      ...{ rate, timeUnit: '1m', startTime: `${startTime}s`, duration: `${seconds}s`, gracefulStop: '60s' },
      preAllocatedVUs: Math.ceil(share * needed(phase)),
      env: { SAMPLE_EVERY: sampled === 0 ? '0' : String(Math.max(1, Math.round(perSecond / sampled))) },
    };
    startTime += seconds;
  }
  return scenarios;
}

/** For k6's `handleSummary`: what was measured, with the phases in their order. */
export const summaryOf = (phases: readonly Phase[]) => (data: object) =>
  summaryFile === undefined ? undefined : { [summaryFile]: JSON.stringify({ phases, ...data }, null, 2) };
