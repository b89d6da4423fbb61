import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openDatabase } from './database.js';
import { type Ledger, noLedger } from './ledger.js';
import { reconcile, type Verdict } from './reconcile.js';
import { bystander, type Fault, paid, refused } from './testing/fault.js';
import { deadLetter, dealtWith, messageFaults } from './testing/message-faults.js';
import { paymentFaults } from './testing/payment-faults.js';
import { createSampleSystem, type SampleSystem } from './testing/sample-system.js';
import { viewFaults } from './testing/view-faults.js';

jest.setTimeout(30_000);

const orders = [paid, refused, bystander];
const ledger: Ledger = { ids: orders.map(({ id }) => id).toSorted(), findings: [] };

describe('reconcile', () => {
  let system: SampleSystem;

  beforeAll(async () => {
    system = await createSampleSystem();
  });
  beforeEach(() => system.reset(orders));
  afterAll(() => system.dispose());

  const judgeNow = (accepted = ledger): Promise<Verdict> =>
    reconcile({ places: system.places, ledger: accepted, waitMs: 0, mostOfEachKind: Infinity, onWait: () => {} });

  it('finds nothing wrong where nothing is', async () => {
    expect(await judgeNow()).toEqual({
      ok: true,
      counts: {
        ...{ accepted: 3, checked: 3, fine: 3 },
        ...{ missing: 0, doubled: 0, contradictory: 0, stuck: 0, 'dead-lettered': 0 },
      },
      findings: [],
    });
  });

  it('an order that is not in the ledger is legal, but is held to the same', async () => {
    expect(await judgeNow(noLedger)).toMatchObject({ ok: true, counts: { accepted: 0, checked: 3, fine: 3 } });
    await system.run('gateway', 'DELETE FROM charges WHERE order_id = $1', [paid.id]);
    expect(await judgeNow(noLedger)).toMatchObject({ ok: false, counts: { checked: 3, fine: 2, missing: 1 } });
  });

  it('reads page by page', async () => {
    const many = Array.from({ length: 2_100 }, (_, number) => `order ${number}`);
    await system.run(
      'saga-log',
      `INSERT INTO steps (message_id, order_id, at, service, message, state, detail, causation_id, correlation_id, trace_id)
       SELECT gen_random_uuid(), order_id, at, service, 'CrearLog', state, name, causation_id, correlation_id, trace_id
       FROM steps CROSS JOIN unnest($1::text[]) AS name WHERE message = 'CrearLog'`,
      [many],
    );
    expect(await judgeNow()).toMatchObject({ ok: true, counts: { checked: 3, fine: 3 } });
  });

  it.each([...paymentFaults, ...viewFaults, ...messageFaults])(
    'finds $name, and nothing else',
    async (fault: Fault) => {
      await fault.make(system);
      const { ok, findings } = await judgeNow();
      expect(ok).toBe(false);
      const byName = (one: { problem: string }, other: { problem: string }) => one.problem.localeCompare(other.problem);
      expect(findings.toSorted(byName)).toEqual(
        fault.found
          .toSorted(byName)
          .map(({ says, ...rest }) =>
            expect.objectContaining({ ...rest, explanation: expect.stringContaining(says) as unknown }),
          ),
      );
    },
  );

  it.each([
    ['was redriven with success', 'done'],
    ['was dropped by an operator', 'dropped'],
  ] as const)('a dead letter that %s is none', async (_, outcome) => {
    await system.transport.publish([deadLetter(paid.id)]);
    await system.run('saga-log', dealtWith(outcome));
    expect(await judgeNow()).toMatchObject({ ok: true });
  });

  it('a message that was redriven and has died again is one, though its letter was published twice', async () => {
    const latest = deadLetter(paid.id, 1);
    await system.transport.publish([deadLetter(paid.id), latest, latest]);
    await system.run('saga-log', dealtWith('dead'));
    expect(await judgeNow()).toMatchObject({ findings: [{ problem: 'dead-letter' }], counts: { 'dead-lettered': 1 } });
  });

  it('says where to begin with an order of which a message is dead', async () => {
    await system.transport.publish([deadLetter(paid.id)]);
    await system.run('saga-log', `DELETE FROM steps WHERE order_id = $1 AND message = 'OrdenActualizada'`, [paid.id]);
    const { findings, counts } = await judgeNow();
    const hint = 'A message of this order is dead in crear-log-saga-log-DLQ: begin there.';
    expect(findings).toContainEqual(expect.objectContaining({ problem: 'step-missing', hint }));
    expect(counts).toMatchObject({ fine: 2, missing: 1, 'dead-lettered': 1 });
  });

  it('waits for what is under way', async () => {
    const outbox = `INSERT INTO messaging.outbox (topic, key, properties, payload) VALUES ('crear-log', 'x', '{}', '')`;
    await system.run('order', outbox);
    const told: string[] = [];
    const verdict = await reconcile({
      ...{ places: system.places, ledger, waitMs: 20_000, mostOfEachKind: Infinity },
      onWait: (remains) => {
        told.push(...remains.map(({ text }) => text));
        if (told.length === 2) void system.run('order', 'DELETE FROM messaging.outbox');
      },
    });
    expect(verdict.ok).toBe(true);
    expect(told.slice(0, 2)).toEqual(['outbox of order: 1', 'outbox of order: 1']);
  });

  it('names every database that is not there', async () => {
    const databases = { ...system.places.databases, payment: 'postgresql://a:b@127.0.0.1:1/c', gateway: 'nonsense' };
    const asked = reconcile({
      ...{ places: { ...system.places, databases }, ledger, waitMs: 0, mostOfEachKind: 1, onWait: () => {} },
    });
    await expect(asked).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/database of payment \(127.0.0.1:1\/c\)[^]*database of gateway/) as unknown,
    });
  });

  it('could write nothing if it wanted to', async () => {
    const database = await openDatabase('order', system.places.databases.order);
    await expect(database.query('DELETE FROM orders')).rejects.toThrow('read-only transaction');
    await database.close();
  });
});
