import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { acceptedId, isFinal, postOrder, statusOf } from './orders.js';
import { freePort } from '../postgres/ports.js';
import { commandLine } from './processes.js';
import { pidOf, startSystem, type System } from '../start/whole-system.js';
import { tell } from './told.js';

const START = fileURLToPath(new URL('../../bin/start.mjs', import.meta.url));

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: { LOG_LEVEL: 'info' } });
}, 180_000);
afterAll(() => system.dispose(), 60_000);

/** What the supervisor hands on. */
const WRONG_FOR_PROCESSES = { LOG_LEVEL: 'loud', BATCH_SIZE: 'x', READ_WAIT_MS: '-4', PAYMENT_LEASE_MS: '1' };

/** Runs `npm start` where it is expected to end by itself. */
function tryToStart(env: NodeJS.ProcessEnv, args: readonly string[] = []) {
  const all = { ...process.env, NODE_OPTIONS: '', DATA_DIR: system.dataDir, ...env };
  return spawnSync(process.execPath, [START, ...args], { env: all, encoding: 'utf8', timeout: 60_000 });
}

describe('npm start', () => {
  it('ends by saying what to do next, in commands that work when they are pasted', () => {
    const lines = system.output().split('\n');
    const script = lines.filter((line) => line.includes('curl')).join('\n');
    expect(script.match(/curl/g)?.length).toBeGreaterThanOrEqual(3);
    const output = execFileSync('bash', ['-ec', script], { encoding: 'utf8' });
    expect(output).toMatch(/"status":"(PENDING|APPROVED|REJECTED)"/);
    expect(output).toMatch(/^id,clientId,/m);
  });

  it('writes every line of a log as JSON that names its process, for nobody looks at a terminal', async () => {
    await eventually(() => system.output().includes('{"'));
    const lines = system
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ process: expect.any(String), level: expect.any(String) });
  });

  it('runs each service as a process whose command line names its folder', () => {
    for (const name of ['order', 'payment', 'reporting', 'saga-log']) {
      expect(commandLine(pidOf(system, name))).toContain(`services/${name}/`);
    }
  });

  it('lists everything that is wrong with the configuration in one message and ends with code 1', () => {
    const env = {
      PORT: 'http',
      BROKER_URL: 'carrier-pigeon:',
      DATABASE_URL_ORDER: 'mysql://x',
      ...WRONG_FOR_PROCESSES,
    };
    const { status, stderr } = tryToStart(env, ['--scale', 'bff=2']);
    expect(status).toBe(1);
    for (const culprit of ['PORT', 'BROKER_URL', 'DATABASE_URL_ORDER', 'bff=2', ...Object.keys(WRONG_FOR_PROCESSES)])
      expect(stderr).toContain(culprit);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('names every database and the broker that can not be reached, and ends with code 1', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const given = { DATABASE_URL_ORDER: `postgresql://x@${nobody}/x`, BROKER_URL: `ws://${nobody}` };
    const own = { DATA_DIR: `${system.dataDir}-alone`, PORT: String(await freePort()), PULSAR_ADMIN_URL: '' };
    const { status, stderr } = tryToStart({ ...given, ...own });
    rmSync(own.DATA_DIR, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`the database of order can't be used: .*ECONNREFUSED ${nobody}`));
    expect(stderr).toMatch(new RegExp(`the broker can't be used: .*${nobody}: ECONNREFUSED`));
    expect(stderr).not.toMatch(/\n\s+at /);
  }, 60_000);

  it('refuses a folder that another system uses, and a port that is taken', async () => {
    const sameFolder = tryToStart({ PORT: String(await freePort()) });
    expect(sameFolder.status).toBe(1);
    expect(sameFolder.stderr).toContain(system.dataDir);
    const DATA_DIR = `${system.dataDir}-other`;
    const samePort = tryToStart({ PORT: new URL(system.url).port, DATA_DIR });
    rmSync(DATA_DIR, { recursive: true });
    expect(samePort.status).toBe(1);
    expect(samePort.stderr).toContain(new URL(system.url).port);
  });

  it('runs beside another system, each with its own orders', async () => {
    const other = await startSystem();
    try {
      const id = await acceptedId(await postOrder(other.url));
      await eventually(() => isFinal(other.url, id), { timeoutMs: 10_000 });
      expect(await statusOf(system.url, id)).toBeUndefined();
    } finally {
      await other.dispose();
    }
  }, 180_000);

  it('stops in good order at Ctrl-C and has every order when it is started again', async () => {
    const id = await acceptedId(await postOrder(system.url));
    expect(await system.interrupt()).toBe(0);
    await expect(fetch(`${system.url}/health/live`)).rejects.toThrow('fetch failed');
    const startedAt = performance.now();
    await system.start(['--scale', 'order=2']);
    tell(`second start: ready after ${Math.round(performance.now() - startedAt)} ms`);
    await eventually(() => isFinal(system.url, id), { timeoutMs: 10_000 });
    expect(system.state().processes.filter(({ name }) => name.startsWith('order'))).toHaveLength(2);
  }, 180_000);

  it('keeps the passwords of its databases from other users', () => {
    expect(statSync(`${system.dataDir}/system.json`).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${system.dataDir}/system.json`, 'utf8')).toContain('postgresql://');
  });
});
