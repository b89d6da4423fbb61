import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { recordingLogger } from '../../fixtures/recording-logger.js';
import { catalogue } from '../../fixtures/shop/contracts.js';
import { type Lab, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import { takeAway } from '../../fixtures/shop/outage.js';
import { createMessaging } from '../messaging.js';
import type { TransportMessage } from '../publisher.js';
import { eventually } from '../testing/eventually.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const settings = { cleanEveryMs: 20 };
const idOf = ({ properties }: TransportMessage): string => properties['ce_id'] ?? '';

/** Lets the inbox believe that a message was handled, or died, so long ago. */
async function age(message: TransportMessage, days: number): Promise<void> {
  const sql = `UPDATE messaging.inbox SET handled_at = handled_at - $2::int * interval '1 day' WHERE message_id = $1::uuid`;
  expect(await lab.database.prisma.$executeRawUnsafe(sql, idOf(message), days)).toBe(1);
}

const forgotten = (message: TransportMessage) =>
  eventually(async () => {
    const sql = 'SELECT 1 FROM messaging.inbox WHERE message_id = $1::uuid';
    return (await lab.database.prisma.$queryRawUnsafe<unknown[]>(sql, idOf(message))).length === 0;
  });

describe('the retention of a service', () => {
  it('lets its inbox forget what is old: a message that comes again within it is known, one behind it is not', async () => {
    const [within, behind] = [placed('ana'), placed('bea')];
    const first = lab.start();
    await lab.publish([within, behind]);
    await lab.drained();
    await first.stop();
    await age(within, 29);
    await age(behind, 31);
    const { registry } = lab.start({ settings });
    await forgotten(behind);
    await lab.publish([within, behind]);
    await lab.writtenAre(3);
    await lab.drained();
    expect((await lab.written()).toSorted()).toEqual([orderOf(within), orderOf(behind), orderOf(behind)].toSorted());
    expect(await registry.metrics()).toContain('alpes_rows_deleted_total{table="messaging.inbox"} 1');
  });

  it('leaves a dead message within the redrive horizon to be redriven, once', async () => {
    const [dead, old] = [placed('ana'), placed('bea')];
    let isBroken = true;
    lab.start({
      settings,
      misbehave: ({ envelope }) => {
        if (isBroken && envelope.id === idOf(dead)) throw new Error('broken');
      },
    });
    await lab.publish([dead, old]);
    await lab.lettersAre(1);
    await lab.drained();
    await age(dead, 14);
    await age(old, 31);
    await forgotten(old);
    isBroken = false;
    const properties = { ...dead.properties, ce_redrive: '1', ce_redrivefor: 'warehouse' };
    await lab.publish([
      { ...dead, properties },
      { ...dead, properties },
    ]);
    await lab.drained();
    expect((await lab.written()).toSorted()).toEqual([orderOf(old), orderOf(dead)].toSorted());
  });

  it('survives an outage with one line in the log, and goes on', async () => {
    const message = placed('ana');
    const { lines } = lab.start({ settings });
    await lab.publish([message]);
    await lab.drained();
    const giveBack = await takeAway(lab.database.url);
    const told = () => lines.filter(({ message: text }) => text.startsWith('cleaning: '));
    await eventually(() => told().length > 0);
    await giveBack();
    await eventually(() => told().length > 1);
    expect(told().map(({ level }) => level)).toEqual(['warn', 'info']);
    await age(message, 31);
    await forgotten(message);
  });

  it('cuts the log of a transport that does not keep it for ever', async () => {
    const short = await openLab({ retentionMs: 0 });
    short.start({ settings });
    const messages = [placed('ana'), placed('bea')];
    await short.publish(messages);
    await short.writtenAre(2);
    // The other subscription of the topic has to acknowledge them too.
    expect(await short.transport.browse('orders', { limit: 10 })).toHaveLength(2);
    const mailer = await short.transport.subscribe({
      ...{ topic: 'orders', subscription: 'mailer', mode: 'durable', from: 'earliest' },
    });
    await mailer.acknowledge(await mailer.receive(10, 5_000, new AbortController().signal));
    await eventually(async () => (await short.transport.browse('orders', { limit: 10 })).length === 0);
    await short.close();
  });

  it('must be longer than the redrive horizon', () => {
    const { url: databaseUrl, prisma } = lab.database;
    const create = (inboxRetentionMs: number) => () =>
      createMessaging({
        ...{ service: 'warehouse', prisma, databaseUrl, transport: lab.transport, catalogue },
        ...{ logger: recordingLogger().logger, registry: new Registry() },
        settings: { inboxRetentionMs, redriveHorizonMs: 1_000 },
      });
    expect(create(1_001)).not.toThrow();
    expect(create(1_000)).toThrow('inboxRetentionMs (1000) must exceed redriveHorizonMs (1000)');
  });
});
