import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { eventually } from '../../testing/eventually.js';
import { publishBatch } from '../../testing/foreign-batch.js';
import { testPulsar } from '../../testing/test-pulsar.js';
import { publishAll, receive, textMessage, to } from '../../testing/transport-steps.js';
import type { Transport } from '../../transport.js';
import { connectTransport } from '../connect.js';

jest.setTimeout(120_000);

const { websocket, admin } = testPulsar().urls;
let tenant: string;
let transport: Transport;

beforeEach(async () => {
  tenant = `test-${randomBytes(6).toString('hex')}`;
  transport = connectTransport(websocket, { partitions: 1, pulsar: { tenant } });
  await transport.declare([{ topic: 't', subscriptions: ['s'] }]);
});
afterEach(() => transport.close());

const publish = (count: number) =>
  publishAll(
    transport,
    Array.from({ length: count }, (_, number) => textMessage('t', 'key', String(number))),
  );

async function ask(method: string, path: string, body?: object): Promise<void> {
  const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const { status } = await fetch(`${admin}/admin/v2/${path}`, { method, ...json });
  expect(status).toBeLessThan(300);
}

/** A broker that takes a topic over begins a new ledger; one that was empty is forgotten. */
const unload = () => ask('PUT', `persistent/${tenant}/alpes/t-partition-0/unload`);
const keep = (minutes: number, megabytes: number) =>
  ask('POST', `namespaces/${tenant}/alpes/retention`, {
    ...{ retentionTimeInMinutes: minutes, retentionSizeInMB: megabytes },
  });
const extent = async () => (await transport.extents('t'))[0];

describe('a partition on Pulsar', () => {
  it('is whole however often it was handed over, empty or not', async () => {
    await unload();
    await unload();
    expect(await extent()).toEqual({ end: undefined, cut: undefined });
    await publish(3);
    await unload();
    expect(await extent()).toEqual({ end: expect.stringMatching(/^0:\d+:2$/), cut: undefined });
    await publish(2);
    await unload();
    expect(await extent()).toEqual({ end: expect.stringMatching(/^0:\d+:1$/), cut: undefined });
  });

  it('whose first messages were deleted says so, also once it is kept for ever again', async () => {
    await publish(5);
    const subscription = await transport.subscribe(to('t', 's'));
    await receive(subscription, 5);
    await subscription.close();
    await keep(0, 0);
    await unload();
    await ask('POST', `persistent/${tenant}/alpes/t-partition-0/trim`);
    const gone = 'its first 5 messages are gone';
    await eventually(async () => (await extent())?.cut === gone, { timeoutMs: 30_000, what: 'it is cut' });
    expect(await extent()).toEqual({ end: undefined, cut: gone });
    await keep(-1, -1);
    await unload();
    await publish(2);
    expect(await extent()).toEqual({ end: expect.stringMatching(/^0:\d+:1$/), cut: gone });
  });

  it('ends with the last message of a batch', async () => {
    await publishBatch(websocket, `${tenant}/alpes/t-partition-0`, ['a', 'b', 'c']);
    const found = await transport.browse('t', { limit: 10 });
    expect(found).toHaveLength(3);
    const whole = { end: found[2]?.position, cut: undefined };
    expect(await extent()).toEqual(whole);
    const ends = [whole.end];
    const subscription = await transport.subscribe(to('t', 's'));
    const received = await receive(subscription, 3, { acknowledge: false });
    expect(await transport.hasAcknowledged('t', 's', ends)).toEqual([false]);
    await subscription.acknowledge(received);
    await eventually(async () => (await transport.hasAcknowledged('t', 's', ends))[0], { what: 'it is acknowledged' });
  });
});
