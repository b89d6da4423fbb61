// `npm start`: the whole system with nothing but Node. Reads what it was told, starts, and stops everything at Ctrl-C.
import { AlpesError } from '@alpes/messaging';
import { isFree } from '../postgres/ports.js';
import { claim } from './claim.js';
import { readConfig, WrongConfiguration, type StartConfig } from './config.js';
import { judgeProcesses } from './judge-processes.js';
import { logSink } from './log-sink.js';
import { nextSteps } from './next-steps.js';
import { StartFailed } from './start-failed.js';
import { createSystem, type System } from './supervisor.js';

/** npm hands a terminal's Ctrl-C on to who got it already: two signals this close in ms are one. */
const echo = 1_000;

async function main(): Promise<void> {
  const { config, problems } = readConfig(process.argv.slice(2), process.env);
  const port = await judgePort(config);
  const all = [...problems, ...port.problems, ...(await judgeProcesses(config, process.env))];
  if (all.length > 0) throw new WrongConfiguration(all);
  const release = claim(config.dataDir);
  process.on('exit', release);
  if (port.isTaken) {
    throw new StartFailed(
      `Port ${config.port} of ${config.host} is taken. Name another: PORT=${config.port + 1} npm start`,
    );
  }
  await run(config);
}

/** A port that another program has is no wrong configuration. */
async function judgePort({ port, host }: StartConfig): Promise<{ isTaken: boolean; problems: readonly string[] }> {
  try {
    return { isTaken: !(await isFree(port, host)), problems: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { isTaken: false, problems: [`HOST/PORT: can't listen on ${host}:${port}: ${why}`] };
  }
}

async function run(config: StartConfig): Promise<void> {
  const sink = logSink();
  const system = createSystem(config, sink, (why) => {
    sink.say('error', `${why}: stopping`);
    void system.stop().finally(() => process.exit(1));
  });
  const isStopping = stopOnSignal(system);
  try {
    await system.start();
    if (!isStopping()) process.stdout.write(nextSteps(system.url));
  } catch (error) {
    // What was still starting fails when it is stopped.
    if (isStopping()) return;
    await system.stop();
    throw error;
  }
}

function stopOnSignal(system: System): () => boolean {
  let since: number | undefined;
  const onSignal = (): void => {
    if (since === undefined) {
      since = Date.now();
      process.stderr.write('\nStopping; once more to kill …\n');
      void finish(system.stop(), 0);
    } else if (Date.now() - since > echo) {
      void finish(system.kill(), 1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return () => since !== undefined;
}

async function finish(end: Promise<void>, code: number): Promise<void> {
  try {
    await end;
    process.exit(code);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? textOf(error) : String(error)}\n`);
  process.exit(1);
}

/** Where an error of ours comes from is worth knowing; of a wrong configuration only what is wrong. */
function textOf(error: Error): string {
  const isTheirs = error instanceof WrongConfiguration || error instanceof StartFailed;
  const isConfiguration = error instanceof AlpesError && error.code === 'configuration';
  return isTheirs || isConfiguration ? error.message : (error.stack ?? error.message);
}

main().catch(fail);
