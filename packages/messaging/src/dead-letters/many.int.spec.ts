import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { redriveInProcess } from '../../fixtures/shop/fork-redrive.js';
import { type Lab, manyPlaced, openLab, orderOf } from '../../fixtures/shop/lab.js';
import { startMailer } from '../../fixtures/shop/mailer.js';
import { walk } from '../../fixtures/shop/walk.js';

// Hundreds of deaths, one by one, take their time on a busy machine.
jest.setTimeout(300_000);

let lab: Lab;
let mailer: Awaited<ReturnType<typeof startMailer>>;
beforeEach(async () => {
  lab = await openLab({ partitions: 4 });
  mailer = await startMailer(lab.transport);
});
afterEach(async () => {
  await mailer.stop();
  await lab.close();
});

/** Messages that die at the warehouse, which is then stopped; the mailer has handled them. */
async function manyDead(count: number) {
  const messages = manyPlaced(count);
  const broken = lab.start({
    read: () => {
      throw new Error('the shelf is broken');
    },
    settings: { batchSize: 200 },
  });
  await lab.publish(messages);
  await lab.lettersAre(count, 240_000);
  await broken.stop();
  await mailer.drained();
  return { messages, before: await mailer.state() };
}

async function expectAppliedOnce(messages: readonly { properties: Readonly<Record<string, string>> }[]) {
  await lab.writtenAre(messages.length, 60_000);
  await lab.drained(60_000);
  expect((await lab.written()).toSorted()).toEqual(messages.map(orderOf).toSorted());
}

describe('many dead letters', () => {
  it('three hundred are applied once each after the cause is mended, the other subscriptions untouched', async () => {
    const { messages, before } = await manyDead(300);
    expect(before.orders).toHaveLength(300);
    const { messaging } = lab.start({ settings: { batchSize: 200 } });
    const redriven = await walk((page) => messaging.deadLetters.redrive(page));
    expect(redriven.filter(({ verdict }) => verdict === 'redrive')).toHaveLength(300);
    await expectAppliedOnce(messages);
    await mailer.drained();
    expect(await mailer.state()).toEqual(before);
    expect(await lab.letters()).toHaveLength(300);
    const after = await walk((page) => messaging.deadLetters.list({ ...page, limit: 200 }));
    expect(after.map(({ state }) => state)).toEqual(messages.map(() => 'applied'));
  });

  it('are all redriven, none twice, however often who redrives them is killed in a transaction', async () => {
    const { messages, before } = await manyDead(160);
    const { prisma, url: databaseUrl } = lab.database;
    const enqueued = async (): Promise<string[]> => {
      const rows = await prisma.$queryRawUnsafe<{ id: string }[]>(
        `SELECT properties->>'ce_id' AS id FROM messaging.outbox`,
      );
      return rows.map(({ id }) => id);
    };
    const redrive = { databaseUrl, logUrl: lab.logUrl, pageSize: 20 };
    let told = 0;
    for (const diesInPage of [1, 2, 3]) {
      told += await redriveInProcess({ ...redrive, diesInPage });
      expect(await enqueued()).toHaveLength(told);
    }
    expect(told).toBe(3 * 20);
    expect(await redriveInProcess({ ...redrive, diesInPage: 0 })).toBe(160 - told);
    const ids = await enqueued();
    expect(ids.toSorted()).toEqual(messages.map(({ properties }) => properties['ce_id'] ?? '').toSorted());
    lab.start({ settings: { batchSize: 200 } });
    await expectAppliedOnce(messages);
    await mailer.drained();
    expect(await mailer.state()).toEqual(before);
  });
});
