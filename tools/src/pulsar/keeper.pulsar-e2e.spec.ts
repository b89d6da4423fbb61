import { connectTransport } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { processesThatKnow } from '../e2e/processes.js';
import { type PulsarState, readState } from './state.js';
import { type RunningKeeper, startKeeper } from './testing/run-pulsar.js';

// Brokers are started one after the other, which takes its time on a busy machine.
jest.setTimeout(600_000);

/** A small broker that does not live for long. */
const SMALL = { PULSAR_MEM: '-Xms128m -Xmx350m -XX:MaxDirectMemorySize=350m -XX:TieredStopAtLevel=1' };

let dataDir: string;
let started: RunningKeeper[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'alpes-keeper-'));
  started = [];
});
afterEach(async () => {
  for (const { kill, ended } of started) {
    kill('SIGTERM');
    await ended;
  }
  for (const pid of processesThatKnow(dataDir)) process.kill(pid, 'SIGKILL');
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

function start(env: Readonly<Record<string, string>> = SMALL): RunningKeeper {
  const keeper = startKeeper(dataDir, env);
  started.push(keeper);
  return keeper;
}

/** What it says of itself in its folder. */
function state(): PulsarState {
  const told = readState(join(dataDir, 'pulsar'));
  if (told === undefined) throw new Error('there is no broker that is ready');
  return told;
}

async function onBroker<T>(work: (broker: ReturnType<typeof connectTransport>) => Promise<T>): Promise<T> {
  const { websocket, admin } = state().urls;
  const pulsar = { adminUrl: admin, tenant: 'public', namespace: 'kept' };
  const broker = connectTransport(websocket, { partitions: 1, pulsar });
  try {
    await broker.declare([{ topic: 'kept', subscriptions: [] }]);
    return await work(broker);
  } finally {
    await broker.close();
  }
}

const publish = (text: string): Promise<void> =>
  onBroker(async (broker) => {
    const [failure] = await broker.publish([{ topic: 'kept', key: 'k', properties: {}, payload: Buffer.from(text) }]);
    if (failure !== undefined) throw failure;
  });

const published = (): Promise<string[]> =>
  onBroker(async (broker) => {
    const messages = await broker.browse('kept', { limit: 10 });
    return messages.map(({ payload }) => Buffer.from(payload).toString());
  });

/** A port that somebody else listens on. */
async function takePort(): Promise<{ readonly port: number; readonly free: () => void }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, free: () => void server.close() };
}

/** A Maven that does this. */
function maven(script: string): Record<string, string> {
  const file = join(dataDir, 'mvn');
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  const PATH = [dataDir, process.env['PATH']].join(delimiter);
  return { PATH, PULSAR_CACHE_DIR: join(dataDir, 'cache') };
}

/** It writes another archive in the place of the right one. */
const WRONG = `#!/bin/sh
for argument; do
  case "$argument" in
    -DoutputDirectory=*) echo "another one" > "\${argument#*=}/pulsar-server-distribution-4.0.6-bin.tar.gz" ;;
  esac
done
`;

/** It never comes to an end with what it fetches. */
const SLOW = `#!/bin/sh
[ "$1" = --version ] && exit
touch begun
exec sleep 3600
`;

describe('npm run pulsar', () => {
  it('keeps what was published when it is stopped, and when it is killed and leaves its broker behind', async () => {
    const first = start();
    expect(await first.ready()).toContain(`npm start -- --broker ${state().urls.websocket}`);
    await publish('before it is stopped');
    first.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(processesThatKnow(dataDir)).toEqual([]);

    const second = start();
    await second.ready();
    expect(await published()).toEqual(['before it is stopped']);
    await publish('before it is killed');
    const left = state();
    second.kill('SIGKILL');
    await second.ended;
    expect(processesThatKnow(dataDir)).toEqual([left.pid]);

    const third = start();
    await third.ready();
    expect(third.said()).toContain('Stopped the broker of an earlier run that had been killed.\n');
    expect(new Set(processesThatKnow(dataDir))).toEqual(new Set([state().pid, state().keeperPid]));
    expect(state().pid).not.toBe(left.pid);
    expect(await published()).toEqual(['before it is stopped', 'before it is killed']);
  });

  it.each(['PULSAR_PORT', 'PULSAR_HTTP_PORT'])(
    'says that the port of %s is taken, and starts no broker',
    async (name) => {
      const { port, free } = await takePort();
      const { code, out, err } = await start({ [name]: String(port) }).ended;
      free();
      expect({ code, out, err }).toEqual({
        ...{ code: 1, out: '' },
        err: `Port ${port} is taken. Name another: ${name}=${port + 1} npm run pulsar\n`,
      });
      expect(processesThatKnow(dataDir)).toEqual([]);
      expect(existsSync(join(dataDir, 'pulsar', 'broker.pid'))).toBe(false);
    },
  );

  it('leaves another program alone that has got the number of a broker of long ago', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
    const ended = once(other, 'exit');
    mkdirSync(join(dataDir, 'pulsar'));
    writeFileSync(join(dataDir, 'pulsar', 'broker.pid'), String(other.pid));
    writeFileSync(join(dataDir, 'pulsar', 'state.json'), JSON.stringify({ pid: other.pid }));
    const { port, free } = await takePort();
    const { err } = await start({ PULSAR_PORT: String(port) }).ended;
    free();
    other.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(err).toMatch(/^Port \d+ is taken/);
    expect(readState(join(dataDir, 'pulsar'))).toBeUndefined();
  });

  it('refuses a distribution that is not the one that we know, and keeps nothing of it', async () => {
    const { code, out, err } = await start(maven(WRONG)).ended;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('is not what it should be: its SHA-256 is ');
    expect(err).toContain('Remove it from Maven');
    expect(err).not.toContain('    at ');
    expect(readdirSync(join(dataDir, 'cache'))).toEqual([]);
    expect(processesThatKnow(dataDir)).toEqual([]);
  });

  it('leaves nothing of a distribution when it is stopped while it fetches that', async () => {
    const fetching = start(maven(SLOW));
    const cached = () => (existsSync(join(dataDir, 'cache')) ? readdirSync(join(dataDir, 'cache')) : []);
    const hasBegun = () => cached().some((folder) => existsSync(join(dataDir, 'cache', folder, 'begun')));
    await eventually(hasBegun, { timeoutMs: 60_000, what: 'Maven runs' });
    fetching.kill('SIGTERM');
    expect(await fetching.ended).toMatchObject({ code: 0 });
    expect(cached()).toEqual([]);
    const isGone = () => processesThatKnow(dataDir).length === 0;
    await eventually(isGone, { timeoutMs: 60_000, what: 'Maven is gone' });
  });
});
