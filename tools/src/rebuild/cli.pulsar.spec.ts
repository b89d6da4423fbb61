import { eventually, testPulsar } from '@alpes/messaging/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { useCluster } from '../postgres/testing/use-cluster.js';
import { lifeOf, newOrders, refusedEvent } from './testing/messages.js';
import { openSite, type Site } from './testing/site.js';

// Each test starts processes, which takes its time on a busy machine.
jest.setTimeout(300_000);

describe('npm run rebuild on Pulsar', () => {
  const url = testPulsar().urls.websocket;
  let tenant: string;
  let site: Site;

  useCluster();
  beforeEach(async () => {
    tenant = `test-${randomBytes(6).toString('hex')}`;
    const [settings, env] = [{ pulsar: { tenant } }, { PULSAR_TENANT: tenant }];
    site = await openSite({ service: 'reporting', brokerUrl: url, settings, env });
  });
  afterEach(() => site.close());

  async function admin(method: string, path: string, body?: object): Promise<unknown> {
    const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${url.replace(/^ws/, 'http')}/admin/v2/${path}`, { method, ...json });
    expect(response.status).toBeLessThan(300);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }
  const topic = (name: string) => `persistent/${tenant}/alpes/${name}`;
  /** The subscriptions of a topic, and where each of them is. */
  const cursors = async (name: string) => {
    const { partitions } = (await admin('GET', `${topic(name)}/partitioned-internalStats`)) as {
      partitions: Record<string, { numberOfEntries: number; cursors: Record<string, { markDeletePosition: string }> }>;
    };
    return Object.entries(partitions).map(([partition, stats]) => [
      partition,
      stats.numberOfEntries,
      Object.entries(stats.cursors).map(([subscription, { markDeletePosition }]) => [subscription, markDeletePosition]),
    ]);
  };
  const traces = () =>
    Promise.all(
      ['orden-creada', 'orden-actualizada', 'transaccion-creada', 'orden-actualizada-reporting-DLQ'].map(cursors),
    );

  it('makes the same of the same messages, and leaves no trace', async () => {
    const orders = newOrders(60);
    await site.publish(orders.flatMap((id) => lifeOf(id)));
    await site.publish(orders.slice(0, 2).map(refusedEvent));
    await site.handled();
    const letters = () => site.transport.browse('orden-actualizada-reporting-DLQ', { limit: 10 });
    await eventually(async () => (await letters()).length === 2, {
      timeoutMs: 60_000,
      what: 'the letters are published',
    });
    const before = await traces();
    const name = site.newName();
    const { code, out } = await site.run('--name', name);
    expect(out).toContain(`reporting, rebuilt into ${name}: 182 messages about 60 orders in`);
    expect(out).toMatch(/^order_reports +60 +60 +0 {2}([0-9a-f]{16}) {2}\1 {2}same$/m);
    expect(out).toMatch(/Dead in both: 2 messages\.\n\nBoth are the same\.\n$/);
    expect(code).toBe(0);
    await eventually(async () => JSON.stringify(await traces()) === JSON.stringify(before), {
      ...{ timeoutMs: 30_000, what: 'the readers are gone' },
    });
    expect(await site.sql('SELECT * FROM messaging.outbox', name)).toEqual([]);
    await site.sql(`UPDATE order_reports SET address = 'elsewhere' WHERE id = '${orders[0]}'`);
    const again = await site.run('--drop');
    expect(again.code).toBe(1);
    expect(again.out).toContain(`order_reports ${orders[0]}: in the live one address is "elsewhere", not "Calle 1"`);
  });

  it('compares while messages are published, and leaves out what they are about', async () => {
    const old = newOrders(50);
    await site.publish(old.flatMap((id) => lifeOf(id)));
    const state = { over: false };
    const publishing = (async () => {
      for (let turn = 0; !state.over; turn += 1, await delay(50)) {
        const [fresh = ''] = newOrders(1);
        await site.publish([...lifeOf(fresh), ...lifeOf(old[turn % 5] ?? '', `Calle ${turn}`)]);
      }
    })();
    const { code, out } = await site.run('--drop');
    state.over = true;
    await publishing;
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/Left out: \d+ orders/) as unknown });
  });

  it('refuses a topic whose first messages are gone, and makes nothing', async () => {
    await site.publish(newOrders(20).flatMap((id) => lifeOf(id)));
    await site.handled();
    const retention = (minutes: number) =>
      admin('POST', `namespaces/${tenant}/alpes/retention`, {
        ...{ retentionTimeInMinutes: minutes, retentionSizeInMB: minutes },
      });
    await retention(0);
    await admin('PUT', `${topic('orden-creada')}/unload`);
    const cuts = async () => (await site.transport.extents('orden-creada')).map(({ cut }) => cut);
    const isCut = async (): Promise<boolean> => {
      for (const partition of [0, 1]) await admin('POST', `${topic(`orden-creada-partition-${partition}`)}/trim`);
      return (await cuts()).every((cut) => cut !== undefined);
    };
    await eventually(isCut, { timeoutMs: 60_000, intervalMs: 200, what: 'the topic is cut' });
    await retention(-1);
    // What comes later does not make it whole.
    await site.publish(newOrders(20).flatMap((id) => lifeOf(id)));
    const { code, out, err } = await site.run('--name', site.newName());
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /orden-creada, partition 0: its first \d+ messages are gone\n {2}orden-creada, partition 1: its/,
    );
    expect(err).not.toContain('orden-actualizada');
  });
});
