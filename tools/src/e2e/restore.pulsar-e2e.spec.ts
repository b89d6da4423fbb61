import { catalogue } from '@alpes/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryOnce } from '../postgres/with-client.js';
import { databaseVariable } from '../start/config.js';
import { type DatabaseName, databaseNames, scalable } from '../start/system.js';
import { type GivenServer, SERVERS, startServer } from './given-server.js';
import { runCommand, startSystem, type System } from '../start/whole-system.js';
import { expectCode } from './told.js';

const HOW_TO = readFileSync(new URL('../../../docs/how-to/production.md', import.meta.url), 'utf8');
/** The statement of the page that takes the steps away that were said twice. */
const TAKE_STEPS_AWAY = /```sql\n(DELETE FROM steps[^]*?)```/.exec(HOW_TO)?.[1] ?? '';

const nameOf = (owner: DatabaseName): string => `restored_${owner.replaceAll('-', '_')}`;

let server: GivenServer;
let system: System;
let ledger: string;
let urls: Record<string, string>;

beforeAll(async () => {
  const [binaries] = SERVERS;
  if (binaries === undefined) throw new Error('there is no PostgreSQL');
  server = await startServer(binaries);
  urls = await server.databases(databaseNames.map(nameOf));
  const env = Object.fromEntries(databaseNames.map((owner) => [databaseVariable(owner), urls[nameOf(owner)]]));
  system = await startSystem({ env });
  ledger = join(system.dataDir, 'ledger');
}, 240_000);
afterAll(async () => {
  await system.dispose();
  await server.stop();
}, 60_000);

/** As the server's superuser. */
async function administer(...statements: readonly string[]): Promise<void> {
  const url = new URL(urls[nameOf('order')] ?? '');
  [url.username, url.password, url.pathname] = ['postgres', '', '/postgres'];
  for (const statement of statements) await queryOnce(url.href, statement);
}

async function placeOrders(orders: number): Promise<void> {
  expectCode(0, await runCommand(system, 'faker', ['--orders', String(orders), '--ledger', ledger]));
  await expectWell();
}

/** Nothing is missing, doubled, contradictory, stuck or dead-lettered. */
async function expectWell(): Promise<void> {
  expectCode(0, await runCommand(system, 'reconcile', ['--ledger', ledger]));
}

/** How many findings there are, of the kinds of which there are any. */
async function findings(): Promise<Record<string, number>> {
  const { output } = await runCommand(system, 'reconcile', ['--ledger', ledger, '--json']);
  const { counts } = JSON.parse(output) as { counts: Record<string, number> };
  const kinds = Object.entries(counts).filter(([kind]) => !['accepted', 'checked', 'fine'].includes(kind));
  return Object.fromEntries(kinds.filter(([, count]) => count > 0));
}

/** `pulsar-admin topics reset-cursor TOPIC --subscription SERVICE --time …` on every topic that the service reads. */
async function resetTo(time: Date, service: string): Promise<void> {
  const topics = catalogue.contracts.filter(({ consumers }) => consumers.includes(service));
  for (const { topic } of topics) {
    const path = `persistent/alpes/${system.env['PULSAR_NAMESPACE']}/${topic}/subscription/${service}`;
    const url = `${system.env['PULSAR_ADMIN_URL']}/admin/v2/${path}/resetcursor/${time.getTime()}`;
    const response = await fetch(url, { method: 'POST' });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  }
}

/** Puts databases back to where they were 20 orders ago, as docs/how-to/production.md says. */
async function restore(owners: readonly DatabaseName[]): Promise<void> {
  expect(await system.interrupt()).toBe(0);
  const backupAt = new Date();
  for (const owner of owners) {
    const name = nameOf(owner);
    await administer(`CREATE DATABASE ${name}_backup TEMPLATE ${name} OWNER ${name}`);
  }
  await system.start();
  await placeOrders(20);
  expect(await system.interrupt()).toBe(0);
  for (const owner of owners) {
    const name = nameOf(owner);
    await administer(`DROP DATABASE ${name}`, `ALTER DATABASE ${name}_backup RENAME TO ${name}`);
  }
  for (const service of scalable) if (owners.includes(service)) await resetTo(backupAt, service);
  await system.start();
  // What was paid may come again before what was ordered.
  await findings();
  expectCode(0, await runCommand(system, 'dlq', ['redrive', '--all', '--yes']));
}

async function takeDoubledStepsAway(): Promise<void> {
  await queryOnce(urls[nameOf('saga-log')] ?? '', TAKE_STEPS_AWAY);
}

/** What the gateway has booked, and how often it was asked. */
async function books() {
  const [row] = await queryOnce<{ orders: number; charges: number; calls: number }>(
    urls[nameOf('gateway')] ?? '',
    'SELECT count(DISTINCT order_id)::int AS orders, count(*)::int AS charges, sum(calls)::int AS calls FROM charges',
  );
  if (row === undefined) throw new Error('a count is a row');
  return row;
}

describe('a database that is restored from an older copy, while the topics have everything', () => {
  it('of reporting has in the end what it had', async () => {
    await placeOrders(20);
    await restore(['reporting']);
    await expectWell();
  }, 300_000);

  it('of order has in the end what it had; only the timeline tells twice what was said twice', async () => {
    await restore(['order']);
    expect(await findings()).toEqual({ doubled: 20 });
    await takeDoubledStepsAway();
    await expectWell();
  }, 300_000);

  it('of payment has in the end what it had, and nobody is charged twice', async () => {
    await restore(['payment']);
    expect(await findings()).toEqual({ doubled: 20 });
    const { orders, charges, calls } = await books();
    expect(charges).toBe(orders);
    expect(calls).toBeGreaterThanOrEqual(charges + 20);
    await takeDoubledStepsAway();
    await expectWell();
  }, 300_000);

  it('and all of them at once', async () => {
    await restore(['order', 'payment', 'reporting', 'saga-log', 'bff']);
    await takeDoubledStepsAway();
    await expectWell();
  }, 300_000);
});
