import { migrate } from '@alpes/messaging';
import { createTestDatabase, type TestDatabase } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { GATEWAY_MIGRATIONS } from '../../testing/payment-service.js';
import { type ChargeLedger, openChargeLedger } from './charge-ledger.js';

describe("the simulator's books", () => {
  let database: TestDatabase;
  let ledger: ChargeLedger;
  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url, GATEWAY_MIGRATIONS);
    ledger = openChargeLedger(database.url, 4);
  });
  afterAll(async () => {
    await ledger.close();
    await database.drop();
  });

  const aRequest = () => ({
    ...{ idempotencyKey: randomUUID(), orderId: randomUUID(), amount: Number.MAX_SAFE_INTEGER, currency: 'EUR' },
    signal: new AbortController().signal,
  });
  const approval = { outcome: 'approved', reference: 'R-1' } as const;

  it('count every call of a key, and keep what the first one was answered', async () => {
    const request = aRequest();
    expect(await ledger.book(request, approval)).toEqual({ answer: approval, calls: 1 });
    const refusal = { outcome: 'rejected', reason: 'too late' } as const;
    expect(await ledger.book(request, refusal)).toEqual({ answer: approval, calls: 2 });
  });

  it('are written for many at once with few statements', async () => {
    const requests = Array.from({ length: 100 }, aRequest);
    const charges = await Promise.all(
      [...requests, ...requests.slice(50)].map((request) => ledger.book(request, approval)),
    );
    expect(charges.map(({ calls }) => calls)).toEqual(charges.map((_, index) => (index < 50 ? 1 : 2)));
    const client = new Client(database.url);
    await client.connect();
    const { rows } = await client.query('SELECT xmin::text FROM charges WHERE idempotency_key = ANY ($1) GROUP BY 1', [
      requests.map(({ idempotencyKey }) => idempotencyKey),
    ]);
    await client.end();
    expect(rows).toHaveLength(2);
  });

  it('refuse a key that was used for another charge', async () => {
    const request = aRequest();
    await ledger.book(request, approval);
    for (const other of [{ amount: 1 }, { currency: 'USD' }, { orderId: randomUUID() }]) {
      await expect(ledger.book({ ...request, ...other }, approval)).rejects.toMatchObject({ code: 'rule-broken' });
    }
  });

  it('are unavailable when their database is away', async () => {
    const nowhere = openChargeLedger('postgresql://nobody@127.0.0.1:1/books', 1);
    await expect(nowhere.book(aRequest(), approval)).rejects.toMatchObject({ code: 'unavailable' });
    await nowhere.close();
  });
});
