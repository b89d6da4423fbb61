import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  databaseUrlOf,
  runCommand,
  type RunningTool,
  startCommand,
  startSystem,
  type System,
} from '../start/whole-system.js';
import { startTracker, type Tracker } from '../torture/tracker.js';
import { expectCode, tell } from './told.js';

/** How long connections are ended; a longer time than CI has: `KILL_SECONDS=60`. */
const KILL_SECONDS = Number(process.env['KILL_SECONDS'] ?? 10);
/** Over so many seconds throughput is measured, before and after. */
const WINDOW = 10;
const RATE = 25;
const FOREIGN = 100;

let system: System;
let load: RunningTool;
let ledger: string;
let tracker: Tracker;
beforeAll(async () => {
  system = await startSystem({ env: { LOG_LEVEL: 'error' } });
  ledger = join(system.dataDir, 'ledger');
  writeFileSync(ledger, '');
  const rate = ['--rate', `${RATE}/s`, '--patience', '120', '--wait', '0'];
  load = startCommand(system, 'faker', ['--orders', '100000', ...rate, '--ledger', ledger]);
  tracker = startTracker(ledger, adminUrl('reporting'));
}, 240_000);
afterAll(async () => {
  await tracker.stop();
  await system.dispose();
}, 60_000);

/** The superuser's. */
function adminUrl(name: string): string {
  const url = new URL(databaseUrlOf(system, name));
  url.username = 'postgres';
  url.password = readFileSync(join(system.dataDir, 'postgres', 'superuser-password'), 'utf8');
  return url.href;
}

const pids = () => system.state().processes.map(({ name, pid }) => ({ name, pid }));

async function connect(url: string, name: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: name });
  client.on('error', () => {});
  await client.connect();
  return client;
}

const TERMINATE = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'foreign' AND random() < 0.5`;

/** Twice a second each database ends half of the connections that it has. */
async function killBackends(): Promise<number> {
  const killers = await Promise.all(
    Object.keys(system.state().databases).map((name) => connect(adminUrl(name), 'foreign')),
  );
  let killed = 0;
  for (const end = Date.now() + KILL_SECONDS * 1_000; Date.now() < end; await delay(500)) {
    const ended = await Promise.all(killers.map((client) => client.query(TERMINATE)));
    killed += ended.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
  }
  await Promise.all(killers.map((client) => client.end()));
  return killed;
}

/** Orders that were finished in each second of the last whole seconds. */
function throughput(): number {
  const last = tracker.samples.slice(-WINDOW - 1, -1);
  return last.reduce((sum, { finished }) => sum + finished, 0) / last.length;
}

/** As many are finished as are sent, and none is left over that should have been. */
const isBack = (): boolean => throughput() >= 0.98 * RATE && (tracker.samples.at(-1)?.open ?? 0) <= RATE;

describe(`while half of all connections are ended twice a second for ${KILL_SECONDS} s, and ${FOREIGN} foreign ones stand idle`, () => {
  it('no process ends, and within a minute afterwards throughput is back to 98 % of what it was', async () => {
    await eventually(isBack, { timeoutMs: 120_000, intervalMs: 250, what: 'throughput is what is sent' });
    const [before, alive] = [throughput(), pids()];
    const foreign = await Promise.all(Array.from({ length: FOREIGN }, () => connect(adminUrl('order'), 'foreign')));
    const killed = await killBackends();
    const during = throughput();
    await Promise.all(foreign.map((client) => client.end()));
    const endedAt = performance.now();
    await eventually(isBack, {
      timeoutMs: 60_000,
      intervalMs: 250,
      what: 'throughput is back',
    });
    const after = Math.round(performance.now() - endedAt) / 1_000;
    const figures = `orders/s before ${before}, during ${during}, back to ${throughput()} after ${after} s`;
    tell(`${killed} connections ended; ${figures}, a mean of ${WINDOW} s`);
    expect(killed).toBeGreaterThan(KILL_SECONDS);
    expect(pids()).toEqual(alive);
  }, 400_000);

  it('nothing is lost or doubled', async () => {
    load.interrupt();
    await load.ended;
    const reconcile = await runCommand(system, 'reconcile', ['--ledger', ledger, '--wait', '90']);
    expectCode(0, reconcile);
    tell(reconcile.output);
  }, 120_000);
});
