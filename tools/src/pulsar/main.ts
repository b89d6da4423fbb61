// `npm run pulsar`: a real broker without containers. It is started again when it ends by itself, and stopped when we are
// told to stop, or when who forked us is gone. With
// --throw-away its DATA_DIR is removed in the end.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { AlpesError } from '@alpes/messaging';
import { freePort, isFree } from '../postgres/ports.js';
import { tail } from '../postgres/tail.js';
import { claim } from '../start/claim.js';
import { StartFailed } from '../start/start-failed.js';
import { tellStep } from '../start/tell-step.js';
import { signToken, SUPERUSER } from './access.js';
import { type BrokerSetup, logFileOf, spawnBroker, stopBroker, stopOrphan } from './broker.js';
import { ensureDistribution } from './distribution.js';
import { needJava } from './needs.js';
import { isReady } from './probe.js';
import { type PulsarServerSettings, readSettings } from './settings.js';
import { type PulsarState, stateFileOf } from './state.js';
import { spawnWebSocketApi } from './websocket-api.js';

/** A broker that has not passed its first message after this time, in ms, never will. */
const START_MS = 600_000;

const throwAway = process.argv[2] === '--throw-away';
const state: { stopping: boolean; broker: ChildProcess | undefined } = { stopping: false, broker: undefined };

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function serve(settings: PulsarServerSettings): Promise<void> {
  const { folder } = settings;
  if (throwAway) process.on('exit', () => rmSync(dirname(folder), { recursive: true, force: true, maxRetries: 5 }));
  needJava(process.env);
  const home = await ensureDistribution(settings.cacheDir, say);
  process.on('exit', claim(folder, 'DATA_DIR=.data2 PULSAR_PORT=0 PULSAR_HTTP_PORT=0 npm run pulsar'));
  // Nobody is ready until we are.
  rmSync(stateFileOf(folder), { force: true });
  if (await stopOrphan(folder)) say('Stopped the broker of an earlier run that had been killed.');
  const { idleMs, tokenKeyFile } = settings;
  const binary = await clientPort('PULSAR_PORT', settings.ports.binary);
  const http = await clientPort('PULSAR_HTTP_PORT', settings.ports.http);
  const clientPorts = { binary, http, websocket: tokenKeyFile === undefined ? http : await freePort() };
  for (let isFirst = true; !state.stopping; isFirst = false) {
    const ports = { ...clientPorts, bookie: await freePort(), zooKeeper: await freePort() };
    const setup = { home, folder, ports, idleMs, tokenKeyFile, javaOptions: javaOptions(settings) };
    const broker = await tellStep('Pulsar takes messages', () => start(setup));
    if (state.stopping) return;
    ready(setup, broker);
    if (isFirst) process.stdout.write(howToUse(setup));
    await new Promise((resolve) => (hasEnded(broker) ? resolve(undefined) : broker.once('exit', resolve)));
    rmSync(stateFileOf(folder), { force: true });
    if (!state.stopping) say(`Pulsar ended by itself (${broker.signalCode ?? broker.exitCode}): starting it again`);
  }
}

/** Who does not live for long is better off with code that is compiled fast: it starts with less than half of the work. */
function javaOptions({ memory }: PulsarServerSettings): string {
  return throwAway ? `${memory} -XX:TieredStopAtLevel=1` : memory;
}

/** 0 takes any port, and keeps it. */
async function clientPort(variable: string, port: number): Promise<number> {
  if (port === 0) return freePort();
  if (await isFree(port)) return port;
  throw new StartFailed(`Port ${port} is taken. Name another: ${variable}=${port + 1} npm run pulsar`);
}

/** Starts a broker and waits until messages go through it. */
async function start(setup: BrokerSetup): Promise<ChildProcess> {
  const broker = spawnBroker(setup);
  state.broker = broker;
  broker.on('error', () => {});
  const { tokenKeyFile } = setup;
  const token = tokenKeyFile && signToken(readFileSync(tokenKeyFile), SUPERUSER);
  if (tokenKeyFile !== undefined) beside(broker, () => spawnWebSocketApi(setup, tokenKeyFile));
  const { websocket, admin } = urlsOf(setup);
  const deadline = Date.now() + START_MS;
  while (!state.stopping && !(await isReady(websocket, { adminUrl: admin, token }))) {
    if (hasEnded(broker) || Date.now() > deadline) {
      broker.kill('SIGKILL');
      throw new StartFailed(`Pulsar does not start:\n${tail(logFileOf(setup.folder), 20)}`);
    }
    await wait(200);
  }
  return broker;
}

/** Keeps a process running for as long as the broker does; it may end while that is not there yet. */
function beside(broker: ChildProcess, spawnIt: () => ChildProcess): void {
  if (hasEnded(broker)) return;
  const child = spawnIt();
  const end = (): void => void child.stdin?.end();
  broker.once('exit', end);
  child.once('exit', () => {
    broker.off('exit', end);
    setTimeout(() => beside(broker, spawnIt), 500);
  });
}

function urlsOf({ ports }: BrokerSetup): PulsarState['urls'] {
  return {
    binary: `pulsar://127.0.0.1:${ports.binary}`,
    websocket: `ws://127.0.0.1:${ports.websocket}`,
    admin: `http://127.0.0.1:${ports.http}`,
  };
}

/** Who started us may be gone; with a callback, that is no error. */
function tell(message: object): void {
  process.send?.(message, () => {});
}

function ready(setup: BrokerSetup, broker: ChildProcess): void {
  const told: PulsarState = { pid: broker.pid ?? 0, keeperPid: process.pid, urls: urlsOf(setup) };
  writeFileSync(stateFileOf(setup.folder), JSON.stringify(told));
  tell({ type: 'ready', ...told });
}

function howToUse(setup: BrokerSetup): string {
  const { binary, websocket, admin } = urlsOf(setup);
  return [
    '',
    `Pulsar's binary protocol  ${binary}`,
    `its WebSocket API         ${websocket}`,
    `its admin API             ${admin}`,
    `its data                  ${setup.folder}`,
    '',
    `Try: npm start -- --broker ${websocket}`,
    '',
    '',
  ].join('\n');
}

async function stop(): Promise<void> {
  if (state.stopping) return;
  state.stopping = true;
  const { broker } = state;
  // Nobody needs its data any more.
  if (throwAway) broker?.kill('SIGKILL');
  if (broker?.pid !== undefined && !hasEnded(broker)) await stopBroker(broker.pid, () => hasEnded(broker));
  process.exit(0);
}

function fail(error: unknown): void {
  const isForPeople = error instanceof StartFailed || error instanceof AlpesError;
  const text = error instanceof Error ? ((isForPeople ? undefined : error.stack) ?? error.message) : String(error);
  if (process.send === undefined) say(text);
  tell({ type: 'failed', message: text });
  process.exitCode = 1;
  process.disconnect?.();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
const orphaned = (): void => void (process.exitCode === 1 || stop());
process.on('disconnect', orphaned);
// It may have gone before anybody listened.
if (process.send !== undefined && !process.connected) orphaned();
try {
  await serve(readSettings(process.env));
} catch (error) {
  if (!state.stopping) fail(error);
}
