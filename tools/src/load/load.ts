import { join } from 'node:path';
import { readLedger } from '../reconcile/ledger.js';
import { findPlaces } from '../reconcile/places.js';
import { reconcile, type Verdict } from '../reconcile/reconcile.js';
import { mostShown } from '../reconcile/report.js';
import { owners } from '../reconcile/sources.js';
import { tellNowAndThen } from '../reconcile/tell-now-and-then.js';
import type { Arguments } from './arguments.js';
import { type Files, runK6 } from './run-k6.js';
import { type ScenarioName, scenarios } from './scenarios.js';
import type { Summary } from './summary.js';
import type { Target } from './target.js';

/** What came of a scenario. */
export interface Loaded {
  readonly summary: Summary;
  readonly verdict: Verdict;
}

/** After a ramp there is a lot to be done: more is accepted in a second than is finished. */
const WAIT_MS = 600_000;

/** Runs a scenario against a system, and holds what was accepted together with all that came of it. */
export async function load(
  name: ScenarioName,
  { k6, target, args, files }: { k6: string; target: Target; args: Arguments; files: Files },
  stop: AbortSignal,
): Promise<Loaded> {
  const { script } = scenarios[name];
  const summary = await runK6({ k6, script, files, settings: settingsOf(name, target.url, args) }, stop);
  const verdict = await reconcile({
    places: findPlaces(target.dataDir, target.env, owners),
    ledger: await readLedger(files.ledger),
    ...{ waitMs: WAIT_MS, mostOfEachKind: mostShown, onWait: tellNowAndThen() },
  });
  return { summary, verdict };
}

/** How long a scenario takes in minutes, where that can be told. */
export function minutesOf(name: ScenarioName, { minutes: told }: Arguments): number | undefined {
  const { minutes } = scenarios[name];
  return minutes === undefined ? undefined : (told ?? minutes);
}

/** What a scenario leaves behind in a folder. */
export const filesOf = (name: ScenarioName, folder: string): Files => ({
  summary: join(folder, `${name}.json`),
  ledger: join(folder, `${name}.ledger`),
  log: join(folder, `${name}.log`),
});

function settingsOf(name: ScenarioName, url: string, args: Arguments): Record<string, string> {
  const minutes = minutesOf(name, args);
  return {
    ...{ URL: url, RATE: String(args.rate) },
    ...(minutes !== undefined && { SECONDS: String(Math.ceil(minutes * 60)) }),
    ...(args.limits && { ACCEPT_P99: String(args.limits.acceptP99), FINISHED_P99: String(args.limits.finishedP99) }),
  };
}
