import { catalogue } from '@alpes/contracts';
import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectBrokerOf, takeBrokerAway } from './broker.js';
import { disordersOn } from '../reconcile/order-on-topics.js';
import { pidOf, runCommand, startSystem, type System } from '../start/whole-system.js';
import { expectCode, tell } from './told.js';

/** More than CI has the time for: `ORDERS=20000 FREEZE_SECONDS=60`. */
const ORDERS = Number(process.env['ORDERS'] ?? 600);
/** Longer than the broker leaves partitions to who stands still. */
const FREEZE_SECONDS = Number(process.env['FREEZE_SECONDS'] ?? 25);
/** In ms. */
const LOAD_TIMEOUT = 120_000 + ORDERS * 60;

let system: System;
let ledger: string;
beforeAll(async () => {
  system = await startSystem({ args: ['--scale', 'order=3,payment=2,reporting=2'] });
  ledger = join(system.dataDir, 'ledger');
}, 180_000);
afterAll(() => system.dispose(), 60_000);

const accepted = (): number => readFileSync(ledger, { encoding: 'utf8', flag: 'a+' }).split('\n').length - 1;

/** Waits until a part of all orders was accepted. */
async function untilAccepted(part: number): Promise<void> {
  const patience = { timeoutMs: LOAD_TIMEOUT, intervalMs: 200 };
  await eventually(() => accepted() >= ORDERS * part, { ...patience, what: `${part} of all is accepted` });
}

/** A replica of each stands still; who thaws them waits until it has been for long enough. */
function freeze(names: readonly string[]): () => Promise<void> {
  const pids = names.map((name) => pidOf(system, name));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const until = Date.now() + FREEZE_SECONDS * 1_000;
  return async () => {
    await delay(Math.max(0, until - Date.now()));
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  };
}

describe(`${ORDERS} orders with three replicas of order, two of payment and two of reporting`, () => {
  it(
    'are all whole, though replicas and the broker are killed and replicas stand still',
    async () => {
      const args = ['--orders', String(ORDERS), '--rate', '3000/min', '--patience', '240', '--wait', '240'];
      const load = runCommand(system, 'faker', [...args, '--ledger', ledger]);
      await untilAccepted(0.15);
      for (const name of ['order-1', 'payment-1', 'reporting-1']) process.kill(pidOf(system, name), 'SIGKILL');
      await untilAccepted(0.3);
      const thaw = freeze(['order-2', 'payment-2', 'reporting-2']);
      try {
        await untilAccepted(0.5);
        const { restore } = await takeBrokerAway(system);
        await restore();
      } finally {
        await thaw();
      }
      const faker = await load;
      expectCode(0, faker);
      tell(faker.output);
      const reconcile = await runCommand(system, 'reconcile', ['--ledger', ledger, '--wait', '240']);
      expectCode(0, reconcile);
      tell(reconcile.output);
      expect(accepted()).toBe(ORDERS);
    },
    2 * LOAD_TIMEOUT + 600_000,
  );

  it(
    'have their events in order on each topic',
    async () => {
      const broker = connectBrokerOf(system);
      try {
        const topics = catalogue.contracts.map(({ topic }) => topic);
        const { messages, disorders } = await disordersOn(broker, topics);
        tell(`${messages} messages on ${topics.length} topics`);
        expect(disorders).toEqual([]);
        expect(messages).toBeGreaterThanOrEqual(ORDERS * topics.length);
      } finally {
        await broker.close();
      }
    },
    LOAD_TIMEOUT + 120_000,
  );
});
