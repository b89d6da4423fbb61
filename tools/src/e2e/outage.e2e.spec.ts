import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeBrokerAway } from './broker.js';
import { takeAway } from './database-outage.js';
import { acceptedId, anOrder, isFinal, postOrder, statusOf } from './orders.js';
import { databaseUrlOf, runCommand, startSystem, type System } from '../start/whole-system.js';
import { expectCode } from './told.js';

let system: System;
const accepted: string[] = [];
beforeAll(async () => {
  system = await startSystem({ env: { OUTAGE_MAX_MS: '500' } });
}, 180_000);
afterAll(() => system.dispose(), 60_000);

/** Without a key: only with one does the BFF ask its own database. */
function postWithoutKey(): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${system.url}/orders`, { method: 'POST', headers, body: JSON.stringify(anOrder()) });
}

async function accept(response: Promise<Response>): Promise<string> {
  const id = await acceptedId(await response);
  accepted.push(id);
  return id;
}

/** It may take as long as a process waits before it asks the database again. */
async function expectFinal(id: string): Promise<void> {
  await eventually(() => isFinal(system.url, id), { timeoutMs: 15_000 });
}

function expectUnavailable(response: Response): void {
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
}

describe('while a part is away', () => {
  it('the BFF accepts nothing without the broker, and the same key brings the order once it is back', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const { restore } = await takeBrokerAway(system);
    try {
      expectUnavailable(await postOrder(system.url, anOrder(), key));
      expectUnavailable(await postWithoutKey());
      expect((await fetch(`${system.url}/health/ready`)).status).toBe(503);
      expect((await fetch(`${system.url}/health/live`)).status).toBe(200);
    } finally {
      await restore();
    }
    const id = await eventually(() => accept(postOrder(system.url, anOrder(), key)), { timeoutMs: 10_000 });
    await expectFinal(id);
  }, 60_000);

  it("the BFF's own database is needed only for a request with a key", async () => {
    const { restore } = await takeAway(databaseUrlOf(system, 'bff'));
    try {
      expectUnavailable(await postOrder(system.url));
      await accept(postWithoutKey());
    } finally {
      await restore();
    }
    await eventually(async () => (await postOrder(system.url)).status === 202, { timeoutMs: 10_000 });
  }, 60_000);

  it.each([
    ['order', (id: string) => `/orders/${id}`],
    ['reporting', (id: string) => `/report?id=${id}`],
    ['saga-log', (id: string) => `/orders/${id}/saga`],
  ])(
    'orders are accepted without the database of %s, whose queries are 503 until it is back',
    async (name, query) => {
      const { restore } = await takeAway(databaseUrlOf(system, name));
      let id: string;
      try {
        id = await accept(postOrder(system.url));
        expectUnavailable(await fetch(`${system.url}${query(id)}`));
      } finally {
        await restore();
      }
      await expectFinal(id);
      await eventually(async () => (await fetch(`${system.url}${query(id)}`)).status === 200, { timeoutMs: 15_000 });
    },
    60_000,
  );

  it('orders wait for the database of payment', async () => {
    const { restore } = await takeAway(databaseUrlOf(system, 'payment'));
    let id: string;
    try {
      id = await accept(postOrder(system.url));
      expect(await statusOf(system.url, id)).toBe('PENDING');
    } finally {
      await restore();
    }
    await expectFinal(id);
  }, 60_000);

  it('nothing that was accepted is lost', async () => {
    const ledger = join(system.dataDir, 'ledger');
    writeFileSync(ledger, accepted.map((id) => `${id}\n`).join(''));
    expectCode(0, await runCommand(system, 'reconcile', ['--ledger', ledger]));
  }, 90_000);
});
