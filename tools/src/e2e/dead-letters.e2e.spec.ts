import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { queryOnce } from '../postgres/with-client.js';
import { expectAsDocumented } from './documented.js';
import { connectBrokerOf } from './broker.js';
import { acceptedId, isFinal, postOrder } from './orders.js';
import { databaseUrlOf, runCommand, startSystem, type System } from '../start/whole-system.js';
import { expectCode } from './told.js';

const HOW_TO = readFileSync(new URL('../../../docs/how-to/dead-letters.md', import.meta.url), 'utf8');

let system: System;
let orderId: string;

const query = (owner: string, sql: string): Promise<object[]> => queryOnce(databaseUrlOf(system, owner), sql);

/** What `npm run dlq` counts, by state or by what was done. */
async function count(...args: string[]): Promise<Record<string, number>> {
  const { output } = await runCommand(system, 'dlq', [...args, '--json']);
  return (JSON.parse(output) as { counts: Record<string, number> }).counts;
}

/** Everything that two other subscriptions to the same messages have. */
const others = () =>
  Promise.all([
    query('saga-log', 'SELECT * FROM steps ORDER BY message_id'),
    query('saga-log', 'SELECT * FROM messaging.inbox ORDER BY message_id'),
    query('payment', 'SELECT * FROM transactions ORDER BY id'),
    query('payment', 'SELECT * FROM messaging.inbox ORDER BY message_id'),
  ]);

/** An order in euros while reporting refuses these, and bytes that are no message. */
beforeAll(async () => {
  system = await startSystem();
  await query('reporting', `ALTER TABLE order_reports ADD CONSTRAINT no_euros CHECK (currency <> 'EUR') NOT VALID`);
  orderId = await acceptedId(await postOrder(system.url));
  const broker = connectBrokerOf(system);
  const payload = Uint8Array.of(0xff);
  await broker.publish([{ topic: 'crear-log', key: randomUUID(), properties: {}, payload }]);
  await broker.close();
  await eventually(() => isFinal(system.url, orderId), { timeoutMs: 60_000 });
  await eventually(async () => (await count('list'))['dead'] === 3, { timeoutMs: 60_000, intervalMs: 500 });
}, 300_000);
afterAll(() => system.dispose(), 60_000);

describe('docs/how-to/dead-letters.md, followed step by step', () => {
  it('shows how to look at what is dead', () => {
    expect(expectAsDocumented(system, HOW_TO, 'Look')).toBe(2);
  }, 120_000);

  it('shows how to redrive it once the cause is mended, and no other subscription notices', async () => {
    const before = await others();
    await query('reporting', 'ALTER TABLE order_reports DROP CONSTRAINT no_euros');
    expect(expectAsDocumented(system, HOW_TO, 'Redrive')).toBe(2);
    const reported = async () => (await count('list', '--subscription', 'reporting'))['applied'] === 2;
    await eventually(reported, { timeoutMs: 60_000, intervalMs: 500 });
    expect(await query('reporting', 'SELECT id::text, currency FROM order_reports')).toEqual([
      { id: orderId, currency: 'EUR' },
    ]);
    expect(await count('redrive', '--all', '--subscription', 'reporting', '--yes')).toEqual({ applied: 2 });
    expect(await others()).toEqual(before);
  }, 180_000);

  it('shows how to drop what nobody needs', () => {
    expect(expectAsDocumented(system, HOW_TO, 'Drop')).toBe(1);
  }, 120_000);

  it('leaves a system with which nothing is wrong', async () => {
    const result = await runCommand(system, 'reconcile', []);
    expectCode(0, result);
    expect(result.output).toContain('Nothing is missing');
  }, 120_000);
});
