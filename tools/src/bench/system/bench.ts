import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '../../reconcile/reconcile.js';
import { measureFloor, type Way } from '../floor/floor.js';
import { measureNaive } from '../naive/naive.js';
import { using } from '../using.js';
import type { Arguments } from './arguments.js';
import { type Profile, readProfile } from './profile.js';
import { startRuns } from './runs.js';
import { openSite, type Site } from './site.js';
import type { Trial } from './trial.js';

/** All that was measured. */
export interface Bench {
  readonly place: string;
  readonly machine: string;
  /** At 1,000 orders a minute. */
  readonly steady: readonly Trial[];
  /** At the largest rate that was sustained, or the one that was told. */
  readonly busy: readonly Trial[];
  readonly verdict: Verdict;
  readonly floors: readonly Way[];
  readonly naive: Way;
  readonly profile: Profile | undefined;
}

/** Profiles whoever imports it first. */
const PROFILER = new URL('profiler.js', import.meta.url).href;
/** Orders a second at which the system is asked to be quick: 1,000 a minute. */
const STEADY_RATE = 1_000 / 60;
/** How much longer than other rates that one is tried: little happens. */
const STEADY_TIMES = 4;
/** Orders that the other ways handle, for each second of a try of ours. */
const FLOOR_ORDERS = 400;
const NAIVE_ORDERS = 40;

/** Measures a system of its own, and then, on the same servers, how it might be done at best and at first. */
export async function bench(args: Arguments, say: (text: string) => void): Promise<Bench> {
  const profiles = mkdtempSync(join(tmpdir(), 'alpes-profiles-'));
  const env = args.profile ? { NODE_OPTIONS: `--import=${PROFILER}`, PROFILES: profiles } : {};
  try {
    return await using(
      () => openSite(args.broker, env),
      (site) => benchSite(site, args, profiles, say),
    );
  } finally {
    rmSync(profiles, { recursive: true, force: true });
  }
}

async function benchSite(site: Site, args: Arguments, profiles: string, say: (text: string) => void): Promise<Bench> {
  const runs = startRuns(site, args, say);
  await runs.warmUp();
  const busy = await runs.repeatBusiest();
  // Who is asked seldom becomes warm late.
  const steady = await runs.repeat(STEADY_RATE, STEADY_TIMES * args.seconds);
  const verdict = await runs.judge();
  const statements = args.profile ? await readProfile.statements(site) : [];
  await site.system.interrupt();
  const profile = args.profile ? { statements, functions: readProfile.functions(profiles) } : undefined;
  const floors: Way[] = [];
  while (floors.length < args.runs) floors.push(await measureFloor(site, FLOOR_ORDERS * args.seconds));
  const naive = await measureNaive(site, NAIVE_ORDERS * args.seconds);
  return { place: placeOf(args), machine: machine(), steady, busy, verdict, floors, naive, profile };
}

export const placeOf = ({ broker }: Pick<Arguments, 'broker'>): string =>
  broker.folder === '' ? 'a log in PostgreSQL' : `Pulsar over its ${broker.folder} protocol`;

export const machine = (): string => {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${availableParallelism()} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
};
