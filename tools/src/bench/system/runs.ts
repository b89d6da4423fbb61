import { findPlaces } from '../../reconcile/places.js';
import { reconcile, type Verdict } from '../../reconcile/reconcile.js';
import { owners } from '../../reconcile/sources.js';
import type { Arguments } from './arguments.js';
import { describeTrial, searchRate } from './search.js';
import type { Site } from './site.js';
import { type Trial, tryRate } from './trial.js';

/** What is done with one system, one rate after the other. */
export interface Runs {
  /** Until code is compiled and pools are full. */
  warmUp(rate?: number): Promise<void>;
  /** As often as was told. */
  repeat(rate: number, seconds: number): Promise<readonly Trial[]>;
  /** The same at the rate that was told, or at the largest that is sustained. */
  repeatBusiest(): Promise<readonly Trial[]>;
  /** Holds together all that came of the orders that were accepted so far. */
  judge(): Promise<Verdict>;
}

/** How much longer than other rates that one is tried at which processes become warm. */
const WARM_TIMES = 2;
/** Where the search for the largest rate begins: on a log in PostgreSQL, or on a Pulsar, which has a start of its own. */
const firstRate = ({ broker }: Pick<Arguments, 'broker'>): number => (broker.kind === 'embedded' ? 100 : 25);
/** How long in ms the system has to come to rest. */
const WAIT_MS = 60_000;

/** `say` is told of each run. */
export function startRuns(
  site: Site,
  args: Pick<Arguments, 'broker' | 'rate' | 'seconds' | 'runs'>,
  say: (text: string) => void,
): Runs {
  const accepted: string[] = [];
  const attempt = async (rate: number, seconds: number): Promise<Trial> => {
    const trial = await tryRate(site, rate, seconds);
    accepted.push(...trial.orders.map(({ id }) => id));
    say(describeTrial(trial));
    return trial;
  };
  const repeat = async (rate: number, seconds: number): Promise<Trial[]> => {
    const trials: Trial[] = [];
    while (trials.length < args.runs) trials.push(await attempt(rate, seconds));
    return trials;
  };
  return {
    repeat,
    warmUp: async (rate = firstRate(args)) => {
      await attempt(rate, WARM_TIMES * args.seconds);
    },
    repeatBusiest: async () => {
      const rate = args.rate ?? (await searchRate(firstRate(args), (next) => attempt(next, args.seconds)));
      if (rate === undefined) throw new Error('one order a second is too much already');
      return repeat(rate, args.seconds);
    },
    judge: () =>
      reconcile({
        places: findPlaces(site.system.dataDir, site.env, owners),
        ledger: { ids: accepted.toSorted(), findings: [] },
        ...{ waitMs: WAIT_MS, mostOfEachKind: 20, onWait: () => {} },
      }),
  };
}
