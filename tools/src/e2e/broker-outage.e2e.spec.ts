import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { takeBrokerAway } from './broker.js';
import { postOrder } from './orders.js';
import { runCommand, startSystem, type System, type ToolResult } from '../start/whole-system.js';
import { expectCode, tell } from './told.js';

/** How long the broker is away; a longer time than CI has: `AWAY_SECONDS=60`. */
const AWAY_SECONDS = Number(process.env['AWAY_SECONDS'] ?? 10);
const ORDERS_PER_SECOND = 20;
const ORDERS = ORDERS_PER_SECOND * (AWAY_SECONDS + 15);
const PATIENCE = { timeoutMs: 180_000, intervalMs: 200 };
const USERS_OF_BROKER = ['order', 'payment', 'reporting', 'saga-log', 'bff'];

let system: System;
let ledger: string;
let pids: unknown;
let load: Promise<ToolResult>;
/** Characters of the log from before the outage. */
let before: number;
beforeAll(async () => {
  system = await startSystem({ env: { LOG_LEVEL: 'info' } });
  ledger = join(system.dataDir, 'ledger');
  pids = pidsNow();
  const rate = ['--rate', `${ORDERS_PER_SECOND}/s`, '--patience', String(AWAY_SECONDS + 120)];
  load = runCommand(system, 'faker', ['--orders', String(ORDERS), ...rate, '--ledger', ledger, '--wait', '120']);
  await eventually(() => accepted() > 5 * ORDERS_PER_SECOND, PATIENCE);
  before = system.output().length;
}, 400_000);
afterAll(() => system.dispose(), 60_000);

const pidsNow = () => system.state().processes.map(({ name, pid }) => ({ name, pid }));
const accepted = (): number => readFileSync(ledger, { encoding: 'utf8', flag: 'a+' }).split('\n').length - 1;

/** What the processes say of themselves: the status, and the outcome of the check of the broker. */
function readiness(): Promise<{ name: string; status: number; broker: string | undefined }[]> {
  const asked = system.state().processes.filter(({ name }) => USERS_OF_BROKER.includes(name));
  return Promise.all(
    asked.map(async ({ name, port }) => {
      const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
      const { checks } = (await response.json()) as { checks: Record<string, string> };
      return { name, status: response.status, broker: checks['broker'] };
    }),
  );
}

interface LogLine {
  readonly process: string;
  readonly message: string;
  readonly topics?: readonly string[];
}

/** How often each line was logged since the broker went, by process, message and topics. */
function linesSince(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of system.output().slice(before).split('\n')) {
    if (!text.startsWith('{')) continue;
    const { process: name, message, topics = [] } = JSON.parse(text) as LogLine;
    const line = [name, message, ...topics].join(' ');
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

describe(`while the broker is away for ${AWAY_SECONDS} s under load`, () => {
  it('no order is accepted, every process lives and says that it is not ready, and why', async () => {
    const { restore } = await takeBrokerAway(system);
    try {
      const end = Date.now() + AWAY_SECONDS * 1_000;
      while (Date.now() < end) {
        const response = await postOrder(system.url);
        expect(response.status).toBe(503);
        expect(response.headers.get('content-type')).toContain('application/problem+json');
        expect(await response.json()).toMatchObject({ detail: expect.stringContaining('same Idempotency-Key') });
        for (const { name, status, broker } of await readiness()) {
          expect({ name, status }).toEqual({ name, status: 503 });
          expect(broker).not.toBe('ok');
        }
        await delay(500);
      }
    } finally {
      await restore();
    }
  }, 400_000);

  it('all goes on by itself once it is back, and each order that was sent is accepted in the end', async () => {
    const isReady = async () => (await readiness()).every(({ status }) => status === 200);
    await eventually(isReady, { ...PATIENCE, what: 'every process is ready' });
    expect(pidsNow()).toEqual(pids);
    const faker = await load;
    expectCode(0, faker);
    tell(faker.output);
    expect(accepted()).toBe(ORDERS);
    expectCode(0, await runCommand(system, 'reconcile', ['--ledger', ledger, '--wait', '120']));
  }, 400_000);

  it('each process says once of each thing that it went, and once that it is back', async () => {
    const counts = linesSince();
    tell([...counts].map(([line, count]) => `${count} × ${line}`).join('\n'));
    for (const name of USERS_OF_BROKER) {
      expect([...counts.keys()]).toContain(`${name} the broker: not available, trying until it is`);
      expect([...counts.keys()]).toContain(`${name} the broker: available again`);
    }
    // Once more, should a broker that has just come back go again while it loads its topics.
    expect([...counts].filter(([, count]) => count > 2)).toEqual([]);
  });
});
