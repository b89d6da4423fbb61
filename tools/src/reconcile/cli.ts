// `npm run reconcile`: says whether a system has done, of all that was asked of it, everything once.
import { readArguments, usage } from './arguments.js';
import { noLedger, readLedger } from './ledger.js';
import { findPlaces } from './places.js';
import { reconcile } from './reconcile.js';
import { owners } from './sources.js';
import { humanReport, jsonReport, mostShown } from './report.js';
import { tellNowAndThen } from './tell-now-and-then.js';
import { runCommandLine } from '../command-line.js';

/** Exit code: 0 if nothing is wrong, 1 if something is or can't be known, 2 if the command line can't be understood. */
async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { ledger, json, waitMs, dataDir } = readArguments(args, env);
  const verdict = await reconcile({
    places: findPlaces(dataDir, env, owners),
    ledger: ledger === undefined ? noLedger : await readLedger(ledger),
    ...{ waitMs, mostOfEachKind: json ? Infinity : mostShown, onWait: tellNowAndThen() },
  });
  process.stdout.write(json ? jsonReport(verdict) : humanReport(verdict));
  return verdict.ok ? 0 : 1;
}

process.exitCode = await runCommandLine(usage, main);
