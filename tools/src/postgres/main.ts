// The process between the supervisor and PostgreSQL. PostgreSQL does not notice when who started it is killed; this
// process does, by the closed channel, and stops it.
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { choosePort, ensureCluster, serverStatus, spawnServer, stopServer, superuserUrl } from './cluster.js';
import { placeOf } from './place.js';
import { tail } from './tail.js';

const [folder = '', kind] = process.argv.slice(2);
const settings = { throwAway: kind === '--throw-away' };
const smartSeconds = 5;
const fastSeconds = 30;

interface State {
  stopping: boolean;
  /** Settled when there is a data folder, and nobody works on it but the server. */
  prepared: Promise<readonly string[]>;
  server: ChildProcess | undefined;
}

const state: State = { stopping: false, prepared: Promise.resolve([]), server: undefined };
const place = placeOf(folder);

function log(level: 'info' | 'error', message: string): void {
  process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), service: 'postgres', message })}\n`);
}

/** Who started us may be gone; with a callback, that is no error. */
function tell(message: object): void {
  process.send?.(message, () => {});
}

/** Starts the server and waits until it takes connections. */
async function start(port: number): Promise<ChildProcess> {
  if (state.stopping) throw new Error('asked to stop before it had started');
  const child = spawnServer(place, port, settings);
  state.server = child;
  const deadline = Date.now() + 60_000;
  for (;;) {
    const status = serverStatus(place);
    if (status?.ready === true && status.pid === child.pid) return child;
    if (hasEnded(child) || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`PostgreSQL does not start:\n${tail(place.logFile, 10)}`);
    }
    await wait(10);
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/**
 * A port may be taken between its choice and its use, and the workers of a killed server need a moment to go. A port that
 * others were told is never given up for another: who has it, such as a connection that goes out from it, may leave soon.
 */
async function startPatiently(told: number | undefined): Promise<{ child: ChildProcess; port: number }> {
  const attempts = told === undefined ? 5 : 60;
  for (let attempt = 1; ; attempt++) {
    const port = told ?? (await choosePort(place));
    try {
      return { child: await start(port), port };
    } catch (error) {
      if (attempt === attempts || state.stopping) throw error;
      await wait(200 * Math.min(attempt, 5));
    }
  }
}

async function serve(): Promise<void> {
  if (state.stopping) return;
  state.prepared = ensureCluster(place, settings);
  for (const note of await state.prepared) log('info', note);
  let told: number | undefined;
  while (!state.stopping) {
    const { child, port } = await startPatiently(told);
    told = port;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    tell({ type: 'ready', url: superuserUrl(place, port), pid: child.pid });
    await ended;
    if (!state.stopping)
      log('error', `PostgreSQL ended by itself (${child.signalCode ?? child.exitCode}): starting it again`);
  }
}

async function stop(): Promise<void> {
  if (state.stopping) {
    // Asked twice: whoever asks is in a hurry.
    await stopServer(place, 'immediate', fastSeconds);
    return;
  }
  state.stopping = true;
  await state.prepared.catch(() => {});
  // A server that is only just starting can't be asked to stop yet.
  while (state.server && !hasEnded(state.server) && serverStatus(place) === undefined) await wait(10);
  if (settings.throwAway) {
    await stopServer(place, 'immediate', fastSeconds);
    rmSync(folder, { recursive: true, force: true });
    if (place.moved) rmSync(place.parent, { recursive: true, force: true });
  } else if (!(await stopServer(place, 'smart', smartSeconds))) {
    await stopServer(place, 'fast', fastSeconds);
  }
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
const orphaned = (): void => void (state.stopping || stop());
process.on('disconnect', orphaned);
// It may have gone before anybody listened.
if (process.send !== undefined && !process.connected) orphaned();
serve().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  if (process.send === undefined) log('error', message);
  tell({ type: 'failed', message });
  process.exitCode = 1;
  process.disconnect?.();
});
