// `npm run crash-matrix`: kills and freezes real processes at every crash point, and their broker, and says whether anything was lost,
// doubled or out of order.
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchCluster } from '../postgres/launch.js';
import { type Arguments, readArguments, usage } from './arguments.js';
import { openBrokers } from './brokers/index.js';
import { openDatabases } from './databases.js';
import { runMatrix } from './matrix.js';
import { endChildren } from './processes/child.js';
import { createPool } from './processes/subject.js';
import { table, toldAgain } from './report.js';
import { isClean, openResults, type Result } from './results.js';
import { runCommandLine } from '../command-line.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function matrix(args: Arguments): Promise<readonly Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-crash-matrix-'));
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(folder, 0o755);
  const cluster = await launchCluster(folder, { throwAway: true });
  const databases = await openDatabases(cluster.url);
  const brokers = await openBrokers(args, databases);
  try {
    const pool = createPool(args.control === undefined ? args.jobs : 1);
    const workshop = { databases, brokers, pool, folder, control: args.control };
    return await runMatrix({ args, workshop, earlier: openResults(args), say });
  } finally {
    endChildren();
    await brokers.close();
    await databases.close();
    await cluster.stop();
  }
}

/** The channel to the cluster's process closes with this one, and it ends too; a frozen process would not notice. */
function endWithSignals(): void {
  process.on('exit', endChildren);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
}

/** Exit code: 0 if every run was clean, 1 if one was not or could not be, 2 if the command line can't be understood. */
async function main(given: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const args = readArguments(given, env, () => 1 + Math.floor(Math.random() * 999_999));
  endWithSignals();
  const options = [`--seeds ${args.seeds}`, `--seed ${args.firstSeed}`];
  const extra = args.control === undefined ? '' : `, with the control ${args.control}`;
  const again = `npm run crash-matrix -- ${options.join(' ')}${toldAgain(args)}`;
  say(`First seed ${args.firstSeed}${extra}. The same again: ${again} …`);
  const begunAt = performance.now();
  const results = await matrix(args);
  const seconds = (performance.now() - begunAt) / 1_000;
  say(`\n${table(results)}\n\n${seconds.toFixed(0)} s`);
  return results.every(isClean) ? 0 : 1;
}

process.exit(await runCommandLine(usage, main));
