import { mkdirSync, mkdtempSync, chmodSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onInterrupt, unlessInterrupted } from '../interrupt.js';
import { quantile } from '../quantile.js';
import type { Arguments } from './arguments.js';
import { faultKinds } from './faults/index.js';
import { judge } from './judge.js';
import { startLoad } from './load.js';
import type { Outcome } from './outcome.js';
import { planOf, type Possible } from './plan.js';
import { NotRecovered, type Played, runFaults, untilRecovered } from './run.js';
import { openSite, type Site } from './site/site.js';
import { startTracker } from './tracker.js';

/** How long in ms the load has run before the first fault. */
const WARM_MS = 5_000;
const CALM_LOOKS = 3;

/** Tortures a system of its own from its start to its end. What it said is kept in `args.folder`. */
export async function torture(args: Arguments, again: string, say: (text: string) => void): Promise<Outcome> {
  mkdirSync(args.folder, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'alpes-torture-'));
  chmodSync(folder, 0o755);
  // It is heard once the system has started.
  const { stop } = onInterrupt(say);
  const site = await openSite(args, folder).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  try {
    return await unlessInterrupted(tortureSite(site, args, again, say), stop);
  } finally {
    writeFileSync(join(args.folder, `${args.seed}.log`), site.system.output());
    await site.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function tortureSite(site: Site, args: Arguments, again: string, say: (text: string) => void): Promise<Outcome> {
  const possible = possibleOn(site, args.faults, say);
  const steps = planOf(args.seed, possible, args.kills);
  const ledger = join(args.folder, `${args.seed}.ledger`);
  const load = startLoad(site, args, ledger);
  const tracker = startTracker(ledger, site.postgres.adminUrl('reporting'));
  if (site.alarms === undefined) say('no alarms: there is no Prometheus on the PATH');
  const played: Played[] = [];
  const problems: string[] = [];
  await delay(WARM_MS);
  const calmMs = await calm(site, tracker);
  const begunAt = new Date();
  try {
    await runFaults({ site, steps, tracker, say, until: tracker.now() + args.minutes * 60_000 }, played);
    if (played.length < args.kills) problems.push(`only ${played.length} of ${args.kills} faults: the time was over`);
  } catch (error) {
    if (!(error instanceof NotRecovered)) throw error;
    problems.push(error.message);
  }
  load.interrupt();
  const { output } = await load.ended;
  say(output.replace(/^placed .*\n/gm, ''));
  const found = await judge(site, ledger);
  const alarms = (await site.alarms?.firedBetween(begunAt, new Date())) ?? [];
  await tracker.stop();
  const judgement = { ...found, problems: [...problems, ...found.problems] };
  const kinds = faultKinds.map(({ name }) => name);
  return { again, place: placeOf(args), played, kinds, tracker, calmMs, alarms, judgement };
}

/** What a recovery takes where there is nothing to recover from. */
async function calm(site: Site, tracker: ReturnType<typeof startTracker>): Promise<number> {
  const times: number[] = [];
  for (let look = 0; look < CALM_LOOKS; look += 1) times.push(await untilRecovered(site, tracker, tracker.now()));
  return quantile(times, 0.5) ?? 0;
}

/** Says what can't be done here. */
function possibleOn(site: Site, names: readonly string[], say: (text: string) => void): Possible[] {
  return faultKinds
    .filter(({ name }) => names.includes(name))
    .flatMap((kind) => {
      const [first, ...others] = kind.victims(site);
      if (first !== undefined) return [{ kind, victims: [first, ...others] }];
      say(`not possible here: ${kind.name}`);
      return [];
    });
}

const placeOf = ({ broker }: Arguments): string =>
  broker.folder === '' ? 'a log in PostgreSQL' : `Pulsar over its ${broker.folder} protocol`;
