import { eventually } from '@alpes/messaging/testing';
import { createLogger } from '@alpes/service-kit';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { ordenCreada } from '../testing/messages.js';
import { orderIds } from '../testing/orders.js';
import { createPaymentBed, type PaymentBed, startReplica } from '../testing/payment-service.js';

/** Lets nobody into a database, as if it were gone, until it is given back. */
async function takeAway(databaseUrl: string): Promise<() => Promise<void>> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const client = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  return async () => {
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await client.end();
  };
}

jest.setTimeout(30_000);

describe('a payment worker whose database goes away', () => {
  let bed: PaymentBed;
  beforeEach(async () => {
    bed = await createPaymentBed();
  });
  afterEach(() => bed.drop());

  it('waits and goes on, says each once, and keeps what the gateway answered meanwhile', async () => {
    const lines: string[] = [];
    const note = (_fields: unknown, message: string) => lines.push(message);
    const logger = Object.assign(createLogger('payment', 'silent'), { info: note, warn: note });
    const env = { SIMULATOR_LATENCY_MS: '500', PAYMENT_POLL_MS: '50', OUTAGE_MAX_MS: '100' };
    const replica = await startReplica(bed, { env, logger });
    await bed.publish(orderIds(10).map((orderId) => ordenCreada(orderId)));
    const leased = () => bed.prisma.transaction.count({ where: { leaseOwner: { not: null } } });
    await eventually(async () => (await leased()) === 10, { timeoutMs: 15_000 });
    const giveBack = await takeAway(bed.env['DATABASE_URL'] ?? '');
    const away = (line: string) => line.startsWith('payment worker: database');
    await eventually(async () => lines.some(away) && (await bed.charges()).length === 10, { timeoutMs: 15_000 });
    await giveBack();
    await bed.allAnswered();
    await replica.stop();
    expect(lines.filter(away)).toEqual([
      'payment worker: database away, waiting for it',
      'payment worker: database back',
    ]);
    expect((await bed.charges()).map((charge) => charge.calls)).toEqual(Array.from({ length: 10 }, () => 1));
    expect(await bed.processed()).toHaveLength(10);
  });
});
