import { catalogue, OrdenActualizadaSchema, OrdenCreadaSchema } from '@alpes/contracts';
import type { ReceivedMessage } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { connectBroker } from '@alpes/service-kit';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryOnce, withClient } from '../postgres/with-client.js';
import { root } from '../start/system.js';
import { codeBlocks } from './documented.js';
import { type Fleet, startFleet } from './rolling/fleet.js';
import { type Load, placeOrders } from './rolling/load.js';
import { makeNextVersion, type NextVersion } from './rolling/next-version.js';
import { tell } from './told.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(600_000);
const PATIENCE = { timeoutMs: 180_000, intervalMs: 300 };

const HOW_TO = readFileSync(join(root, 'docs/how-to/change-a-table.md'), 'utf8');
const MIGRATE = 'tools/dist/migrate/cli.js';

let fleet: Fleet;
let next: NextVersion;
let load: Load;
/** What is to be ended, also if only a part of it has begun. */
const disposals: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const starting = [startFleet(), makeNextVersion()] as const;
  for (const one of starting) disposals.push(async () => (await one).dispose());
  [fleet, next] = await Promise.all(starting);
  load = placeOrders(fleet.url, 100);
  disposals.unshift(() => load.stop());
});
afterAll(async () => {
  for (const dispose of disposals) await dispose().catch(() => {});
});

const CHANGING = ['order-1', 'order-2', 'reporting-1', 'reporting-2', 'saga-log-1', 'saga-log-2'];

/** Waits until every replica has handled more than before, and can read what another has written of a newer order. */
async function expectAllToWork(): Promise<void> {
  const before = await Promise.all(CHANGING.map(handled));
  const { size } = load.accepted;
  await eventually(async () => {
    const now = await Promise.all(CHANGING.map(handled));
    return load.accepted.size > size && now.every((count, index) => count > (before[index] ?? 0));
  }, PATIENCE);
  const [id = ''] = [...load.accepted.keys()].slice(-1);
  await eventually(async () => {
    expect(await answersAbout(id)).toEqual(CHANGING.map((name) => `${name}: 200`));
    return true;
  }, PATIENCE);
}

const handled = (name: string): Promise<number> => fleet.replica(name).count('alpes_messages_handled_total');

const PATHS = { order: 'orders/<id>', reporting: 'reports/<id>', 'saga-log': 'orders/<id>/saga' };

function answersAbout(id: string): Promise<string[]> {
  const answers = CHANGING.map(async (name) => {
    const path = PATHS[name.slice(0, -2) as keyof typeof PATHS].replace('<id>', id);
    const response = await fetch(`http://127.0.0.1:${fleet.replica(name).spec.port}/${path}`);
    await response.text();
    return `${name}: ${response.status}`;
  });
  return Promise.all(answers);
}

/** Replaces replicas, side by side, by those of a version; each has to end well. */
async function replace(names: readonly string[], folder: string): Promise<void> {
  expect(await Promise.all(names.map((name) => fleet.replace(name, folder)))).toEqual(names.map(() => 0));
}

describe('a field and a column are added, and a column is dropped, under load', () => {
  it('the schema grows while all replicas are of the version before', async () => {
    await expectAllToWork();
    const topics = await next.run('tools/dist/topics/cli.js', [], fleet.places);
    const isPulsar = !fleet.broker.BROKER_URL.startsWith('embedded:');
    expect(topics).toContain(isPulsar ? 'OrdenCreada, version 1, registered now' : 'no schema was compared');
    expect((await next.run(MIGRATE, [], fleet.places)).split('\n')).toEqual([
      'order: 20261201090000_pieces',
      'payment: nothing to apply',
      'reporting: 20261201090000_pieces',
      'saga-log: 20261201090000_without_correlation_id',
      'bff: nothing to apply',
      'gateway: nothing to apply',
      '',
    ]);
    await expectAllToWork();
  });

  it('who reads the field is replaced before who writes it, one replica after the other', async () => {
    for (const replica of ['1', '2']) {
      await replace([`reporting-${replica}`, `saga-log-${replica}`], next.folder);
      await expectAllToWork();
    }
    for (const replica of ['1', '2']) {
      await replace([`order-${replica}`], next.folder);
      await expectAllToWork();
    }
  });

  it('a replica goes back to the version before, whose presence makes the contracting migrations refuse', async () => {
    await replace(['order-2', 'saga-log-2'], root);
    await expectAllToWork();
    next.addContract();
    await expect(next.run(MIGRATE, ['order'], fleet.places)).rejects.toThrow(/failed: orders without pieces/);
    await expect(next.run(MIGRATE, ['saga-log'], fleet.places)).rejects.toThrow(/still writes correlation_id/);
    await replace(['order-2', 'saga-log-2'], next.folder);
  });

  it('the schema shrinks once nobody is left of the version before', async () => {
    const [backfill = ''] = codeBlocks(HOW_TO, 'sql').filter((sql) => sql.startsWith('UPDATE'));
    await untilNothingIsLeft(backfill);
    const contract = (name: string) => next.run(MIGRATE, [name], fleet.places);
    expect(await contract('order')).toBe('order: 20261215090000_pieces_are_known, 20261215090100_pieces_not_null\n');
    // It looks at the latest steps, and those of the version before have to be behind them.
    expect(await eventually(() => contract('saga-log'), PATIENCE)).toContain('20261215090000_drop_correlation_id');
    await expectAllToWork();
  });

  it('a replica of the version before that comes back too late waits, and loses nothing', async () => {
    await replace(['saga-log-2'], root);
    const late = fleet.replica('saga-log-2');
    await eventually(async () => (await late.checks())['tables']?.includes('correlation_id'), PATIENCE);
    const { size } = load.accepted;
    await eventually(() => load.accepted.size > size + 50, PATIENCE);
    // One line for each subscription that has met it.
    const lines = late.output().split('\n').slice(0, -1);
    expect(lines.filter((line) => !/tables of saga-log for .*: not available/.test(line))).toEqual([]);
    const subscribed = catalogue.contracts.filter(({ consumers }) => consumers.includes('saga-log'));
    expect(lines.length).toBeLessThanOrEqual(subscribed.length);
    expect(await late.count('alpes_messages_dead_lettered_total')).toBe(0);
    await replace(['saga-log-2'], next.folder);
    await expectAllToWork();
  });

  it('nothing is lost, doubled or dead', async () => {
    await load.stop();
    const ledger = join(fleet.dataDir, 'ledger');
    writeFileSync(ledger, [...load.accepted.keys()].join('\n'));
    const verdict = await next.run('tools/dist/reconcile/cli.js', ['--ledger', ledger, '--wait', '90'], fleet.places);
    expect(verdict).toContain('Nothing is missing, doubled, contradictory, stuck or dead-lettered.');
    tell(verdict);
  });

  it('what one version has told the other has kept: the field of each order that an event has told', async () => {
    const [created, updated] = await Promise.all([toldPieces('created'), toldPieces('updated')]);
    const expected = [...load.accepted].map(([id, pieces]) => [id, created.has(id) || updated.has(id) ? pieces : null]);
    const rows = await queryOnce<{ id: string; pieces: string | null }>(
      fleet.databases.reporting,
      'SELECT id::text, pieces FROM order_reports',
    );
    expect(new Map(rows.map(({ id, pieces }) => [id, pieces === null ? null : Number(pieces)]))).toEqual(
      new Map(expected as [string, number | null][]),
    );
    const ways = [...load.accepted.keys()].map(
      (id) => `${created.has(id) ? 'N+1' : 'N'} → ${updated.has(id) ? 'N+1' : 'N'}`,
    );
    expect(new Set(ways)).toEqual(new Set(['N → N', 'N → N+1', 'N+1 → N', 'N+1 → N+1']));
  });
});

/** The step of the how-to, as often as it changes something. */
async function untilNothingIsLeft(sql: string): Promise<void> {
  await withClient(fleet.databases.order, async (client) => {
    while ((await client.query(sql)).rowCount !== 0);
  });
}

/** The orders of which an event has the field, which is unknown to the contract of this version. */
async function toldPieces(what: 'created' | 'updated'): Promise<ReadonlySet<string>> {
  const schema = what === 'created' ? OrdenCreadaSchema : OrdenActualizadaSchema;
  const { topic } = catalogue.contractOf(schema);
  const transport = connectBroker(fleet.broker);
  const messages: readonly ReceivedMessage[] = await transport.browse(topic, { limit: 1_000_000 });
  await transport.close();
  const events = messages.map(({ payload }) =>
    fromBinary<typeof OrdenCreadaSchema | typeof OrdenActualizadaSchema>(schema, payload),
  );
  return new Set(events.filter((event) => event.$unknown?.some(({ no }) => no === 11)).map(({ orderId }) => orderId));
}
