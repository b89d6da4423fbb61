import { hasPrometheus, startPrometheus, targetsOf } from '../../prometheus/prometheus.js';
import { faster, readRules } from '../../prometheus/rules.js';
import type { SystemState } from '../../start/state-file.js';

/** An alarm that fired. */
export interface FiredAlarm {
  readonly name: string;
  /** How long, in s, for anybody. */
  readonly seconds: number;
}

/** Whoever would be woken by what happens. */
export interface Alarms {
  /** What fired from one time to another, the longest first. */
  firedBetween(from: Date, to: Date): Promise<readonly FiredAlarm[]>;
  stop(): Promise<void>;
}

/** A minute of the rules is a second here. */
const FACTOR = 60;
/** Prometheus gives 11,000 points of a series at most. */
const MOST_POINTS = 10_000;

/** Begins to watch; undefined where there is no Prometheus on the PATH. */
export async function watchAlarms(state: SystemState): Promise<Alarms | undefined> {
  if (!hasPrometheus()) return undefined;
  const prometheus = await startPrometheus({ targets: targetsOf(state), rules: faster(readRules(), FACTOR) });
  return {
    firedBetween: async (from, to) => {
      const stepSeconds = Math.max(1, Math.ceil((to.getTime() - from.getTime()) / 1_000 / MOST_POINTS));
      const expression = 'max by (alertname) (ALERTS{alertstate="firing"})';
      const series = await prometheus.queryRange(expression, { from, to, stepSeconds });
      return series
        .map(({ labels: { alertname = '' }, points }) => ({ name: alertname, seconds: points.length * stepSeconds }))
        .toSorted((one, other) => other.seconds - one.seconds);
    },
    stop: prometheus.stop,
  };
}
