import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { queryOnce } from '../postgres/with-client.js';
import { databaseVariable } from '../start/config.js';
import { databaseNames } from '../start/system.js';
import { type GivenServer, SERVERS, startServer } from './given-server.js';
import { isFinal } from './orders.js';
import { processesOf } from './processes.js';
import { runCommand, startSystem, type System } from '../start/whole-system.js';
import { expectCode } from './told.js';

const nameOf = (name: string): string => `given_${name.replaceAll('-', '_')}`;

describe.each(SERVERS)('npm start on databases that somebody else runs, with $version', (binaries) => {
  let server: GivenServer;
  let system: System;
  let urls: Record<string, string>;

  beforeAll(async () => {
    server = await startServer(binaries);
    urls = await server.databases([...databaseNames, 'broker'].map(nameOf));
    const env = Object.fromEntries(databaseNames.map((name) => [databaseVariable(name), urls[nameOf(name)]]));
    const BROKER_URL = process.env['BROKER_URL'] ?? `embedded:${urls[nameOf('broker')]}`;
    system = await startSystem({ env: { ...env, BROKER_URL } });
  }, 180_000);
  afterAll(async () => {
    await system.dispose();
    await server.stop();
  }, 60_000);

  async function ordersThere(): Promise<string[]> {
    const rows = await queryOnce<{ id: string }>(urls[nameOf('order')] ?? '', 'SELECT id::text FROM orders');
    return rows.map(({ id }) => id);
  }

  /** Places orders whose ids come into the ledger, and expects all orders of it to be whole. */
  async function expectWellWith(orders: number): Promise<void> {
    const ledger = join(system.dataDir, 'ledger');
    expectCode(0, await runCommand(system, 'faker', ['--orders', String(orders), '--ledger', ledger]));
    expectCode(0, await runCommand(system, 'reconcile', ['--ledger', ledger]));
  }

  it('starts no PostgreSQL of its own, and keeps everything in the given ones', async () => {
    expect(system.state()).not.toHaveProperty('postgres');
    await expectWellWith(40);
    expect(await ordersThere()).toHaveLength(40);
  }, 120_000);

  // How it is stopped and started again is the same with each version.
  if (binaries !== SERVERS[0]) return;

  it('has all of it after Ctrl-C, and after kill -9 of everything, when it is started again', async () => {
    expect(await system.interrupt()).toBe(0);
    await system.start();
    await expectWellWith(20);
    await system.killSupervisor();
    await eventually(() => processesOf(system).length === 0, { timeoutMs: 20_000 });
    await system.start();
    await expectWellWith(20);
    const orders = await ordersThere();
    expect(orders).toHaveLength(80);
    expect(await isFinal(system.url, orders[0] ?? '')).toBe(true);
  }, 240_000);
});
