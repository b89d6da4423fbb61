import type { Verdict } from '../../reconcile/reconcile.js';
import type { Arguments } from '../system/arguments.js';
import { machine, placeOf } from '../system/bench.js';
import { startRuns } from '../system/runs.js';
import { openSite, type Site } from '../system/site.js';
import type { Quantiles, Trial } from '../system/trial.js';
import { fill } from './fill.js';
import { using } from '../using.js';
import { timeQueries } from './queries.js';

/** What was measured with different numbers of stored orders. */
export interface Grown {
  readonly place: string;
  readonly machine: string;
  readonly stages: readonly Stage[];
  readonly verdict: Verdict;
}

export interface Stage {
  /** Orders that were there before. */
  readonly stored: number;
  readonly busy: readonly Trial[];
  /** How long each query takes, in ms. */
  readonly queries: Readonly<Record<string, Quantiles>>;
}

const FEW = 10_000;

/** Measures a system of its own with few stored orders, fills it, and measures again. */
export async function grow(args: Arguments, stored: number, say: (text: string) => void): Promise<Grown> {
  return using(
    () => openSite(args.broker, {}),
    async (site) => {
      // In the minutes before it there is nothing of the runs.
      const before = new Date(Date.now() - 60_000);
      const runs = startRuns(site, args, say);
      await runs.warmUp();
      const stages: Stage[] = [];
      for (const [from, to] of [
        [0, FEW],
        [FEW, stored],
      ] as const) {
        await fillUp(site, from, to, say);
        stages.push({ stored: to, busy: await runs.repeatBusiest(), queries: await timeQueries(site, before) });
      }
      return { place: placeOf(args), machine: machine(), stages, verdict: await runs.judge() };
    },
  );
}

async function fillUp(site: Site, from: number, to: number, say: (text: string) => void): Promise<void> {
  const begunAt = performance.now();
  await fill(site.postgres, from, to);
  say(`${to.toLocaleString('en')} stored orders after ${((performance.now() - begunAt) / 1_000).toFixed(0)} s`);
}
