import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, runCompiled } from '../start/testing/run-compiled.js';
import type { Verdict } from './reconcile.js';
import { bystander, paid, refused } from './testing/fault.js';
import { createSampleSystem, type SampleSystem } from './testing/sample-system.js';

// Each test starts processes, which takes its time on a busy machine.
jest.setTimeout(60_000);

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { DATABASE_URL: _, BROKER_URL: __, DATA_DIR: ___, NODE_OPTIONS: ____, ...inherited } = process.env;
  return runCompiled('tools/dist/reconcile/cli.js', args, { ...inherited, ...env });
}

describe('npm run reconcile', () => {
  const orders = [paid, refused, bystander];
  let system: SampleSystem;
  let folder: string;
  let ledger: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    system = await createSampleSystem();
    folder = mkdtempSync(join(tmpdir(), 'alpes-reconcile-'));
    ledger = join(folder, 'ledger');
    const { databases, broker } = system.places;
    const brokerUrl = broker.BROKER_URL;
    env = {
      ...Object.fromEntries(
        Object.entries(databases).map(([name, url]) => [`DATABASE_URL_${name.toUpperCase().replace('-', '_')}`, url]),
      ),
      BROKER_URL: brokerUrl,
    };
    writeFileSync(join(folder, 'system.json'), JSON.stringify({ databases, brokerUrl }));
  });
  beforeEach(async () => {
    await system.reset(orders);
    writeFileSync(ledger, orders.map(({ id }) => `${id}\n`).join(''));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await system.dispose();
  });

  it('ends with 0 and says so when nothing is wrong', async () => {
    const { code, out, err } = await run(['--ledger', ledger], env);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('3 orders, 3 of them in the ledger');
    expect(out).toMatch(
      /checked +3\n +fine +3\n +missing +0\n +doubled +0\n +contradictory +0\n +stuck +0\n +dead-lettered +0\n/,
    );
    expect(out).toContain('Nothing is missing, doubled, contradictory, stuck or dead-lettered.');
  });

  it('finds a system by the folder in which it tells of itself', async () => {
    expect(await run(['--ledger', ledger, '--data-dir', folder])).toMatchObject({ code: 0 });
    expect(await run(['--ledger', ledger], { DATA_DIR: folder })).toMatchObject({ code: 0 });
  });

  it('needs of each database no more than to read', async () => {
    await system.run('order', "CREATE ROLE reconcile_spec LOGIN PASSWORD 'x' IN ROLE pg_read_all_data");
    const asReader = (url: string) => Object.assign(new URL(url), { username: 'reconcile_spec', password: 'x' }).href;
    const reading = Object.entries(env).map(([name, url]): [string, string] => [
      name,
      name === 'BROKER_URL' ? url : asReader(url),
    ]);
    try {
      expect(await run(['--ledger', ledger], Object.fromEntries(reading))).toMatchObject({ code: 0, err: '' });
    } finally {
      await system.run('order', 'DROP ROLE reconcile_spec');
    }
  });

  it('ends with 1 and tells of each order with which something is wrong', async () => {
    await system.run('order', 'DELETE FROM orders WHERE id = $1', [paid.id]);
    const { code, out } = await run(['--ledger', ledger], env);
    expect(code).toBe(1);
    expect(out).toMatch(/fine +2\n +missing +1\n/);
    expect(out).toContain(`missing (1)\n  order-missing, order ${paid.id}\n    It was accepted, but`);
    expect(out).toContain('    → Its command CrearOrden was lost or is dead');
    expect(out).toContain('Something is wrong.');
  });

  it('shows a person the first 20 of each kind, and a program all', async () => {
    const ids = Array.from({ length: 25 }, (_, n) => `0194fdc2-fa2f-7cc0-81d3-0000000000${n + 10}`);
    writeFileSync(ledger, ids.join('\n'));
    const { code, out } = await run(['--ledger', ledger], env);
    expect(code).toBe(1);
    expect(out.match(/order-missing/g)).toHaveLength(20);
    expect(out).toContain('… and 5 more');
    const json = await run(['--ledger', ledger, '--json'], env);
    expect(json.code).toBe(1);
    const { ok, counts, findings } = JSON.parse(json.out) as Verdict;
    expect({ ok, counts }).toMatchObject({ ok: false, counts: { accepted: 25, checked: 28, fine: 3, missing: 25 } });
    expect(findings.map(({ orderId }) => orderId)).toEqual(ids);
  });

  it('tells of lines of the ledger that are no id; an empty one and one that is there twice are nothing', async () => {
    writeFileSync(ledger, `${paid.id}\n\n${paid.id.toUpperCase()}\r\nordr-7\n`);
    const { code, out } = await run(['--ledger', ledger, '--json'], env);
    expect(code).toBe(1);
    const { counts, findings } = JSON.parse(out) as Verdict;
    expect(counts).toMatchObject({ accepted: 1, fine: 3, contradictory: 1 });
    expect(findings).toEqual([
      expect.objectContaining({ problem: 'ledger-malformed', explanation: 'Line 4 of the ledger is "ordr-7".' }),
    ]);
  });

  it('ends with 1 and says what is stuck when the time to wait is over', async () => {
    await system.transport.publish([{ topic: 'crear-log', key: 'x', properties: {}, payload: new Uint8Array() }]);
    const { code, out } = await run(['--ledger', ledger, '--wait', '0.3'], env);
    expect(code).toBe(1);
    expect(out).toContain('backlog-stuck\n    On crear-log wait messages for saga-log: 1.');
  });

  it('ends with 1 and a message when a database is away', async () => {
    const { code, out, err } = await run([], { ...env, DATABASE_URL_PAYMENT: 'postgresql://a:secret@127.0.0.1:1/c' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^Can't reach the database of payment \(127\.0\.0\.1:1\/c\): .*ECONNREFUSED.*\n$/);
  });

  it('ends with 1 and a message when the broker is away', async () => {
    const { code, err } = await run([], { ...env, BROKER_URL: 'embedded:postgresql://a:secret@127.0.0.1:1/c' });
    expect(code).toBe(1);
    expect(err).toMatch(/^Can't reach the broker: .*ECONNREFUSED.*\n$/);
  });

  it('ends with 1 and says how to start where no system is known', async () => {
    const { code, err } = await run(['--data-dir', join(folder, 'none')], { DATABASE_URL_ORDER: 'postgresql://a' });
    expect(code).toBe(1);
    expect(err).toContain('npm start');
    expect(err).toContain('DATABASE_URL_PAYMENT, DATABASE_URL_REPORTING, DATABASE_URL_SAGA_LOG');
    expect(err).not.toContain('DATABASE_URL_ORDER');
  });

  it.each([
    [['--ledger', 'no-such-file'], 'there is no such file'],
    [['--wait', 'long'], 'a number of seconds'],
    [['--waits', '3'], "Unknown option '--waits'"],
    [['ledger'], 'Unexpected argument'],
    [['--ledger'], 'argument missing'],
  ])('ends with 2 and the usage for %j', async (args, message) => {
    const { code, err } = await run(args, env);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('Usage: npm run reconcile');
  });
});
