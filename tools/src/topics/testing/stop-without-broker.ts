import { connectTransport, type TransportSettings } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { expect } from '@jest/globals';
import { Client } from 'pg';
import { anOrder } from './missing-topics.js';
import { runTopics } from './run-topics.js';
import { type ServiceProcess, startService } from './service-process.js';

const PATIENCE = { timeoutMs: 90_000, intervalMs: 100 };

/** A broker that can stand still: it answers nothing, and ends no connection. */
export interface Freezable {
  /** Of the service alone. */
  readonly env: Readonly<Record<string, string>> & { readonly BROKER_URL: string };
  /** By which the test reaches the broker, when that does not stand still. */
  readonly url: string;
  readonly settings: Partial<TransportSettings>;
  freeze(): void;
  thaw(): void;
}

/** A service that is asked to end while its broker stands still does so in time, whatever it waits for, and loses nothing. */
export async function stopsWithoutBroker(databaseUrl: string, broker: Freezable): Promise<void> {
  const { env, url, settings, freeze, thaw } = broker;
  const transport = connectTransport(url, settings);
  const events = () => transport.browse('orden-creada', { limit: 10 });
  const isHandled = async (count: number) => (await events()).length >= count;
  const start = () => startService('order', databaseUrl, env);
  let order: ServiceProcess | undefined;
  try {
    expect(await runTopics({ ...env, BROKER_URL: url })).toMatchObject({ code: 0, err: '' });
    order = await start();
    expect(await transport.publish([anOrder()])).toEqual([undefined]);
    await eventually(() => isHandled(1), { ...PATIENCE, what: 'an order is handled' });
    const [event] = await events();

    freeze();
    await query(databaseUrl, 'INSERT INTO messaging.outbox (topic, key, properties, payload) VALUES ($1, $2, $3, $4)', [
      'orden-creada',
      'later',
      event?.properties,
      Buffer.from(event?.payload ?? []),
    ]);
    await untilNotReady(order);
    expect({ 'while it publishes': await order.stop() }).toEqual({ 'while it publishes': 0 });
    order = await start();
    await untilNotReady(order);
    expect({ 'while it subscribes': await order.stop() }).toEqual({ 'while it subscribes': 0 });
    expect(await query(databaseUrl, 'SELECT key FROM messaging.outbox')).toEqual([{ key: 'later' }]);

    thaw();
    order = await start();
    await eventually(() => isHandled(2), { ...PATIENCE, what: 'what was kept is published' });
    expect((await events()).map(({ key }) => key)).toContain('later');
    expect(await order.stop()).toBe(0);
  } finally {
    thaw();
    await order?.stop();
    await transport.close();
  }
}

/** By then it has begun whatever it waits for. */
async function untilNotReady(order: ServiceProcess): Promise<void> {
  const isSilent = async () => (await order.readiness()).broker !== 'ok';
  await eventually(isSilent, { ...PATIENCE, what: 'it says that its broker is silent' });
}

async function query(url: string, sql: string, values: readonly unknown[] = []): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
  await client.end();
  return rows;
}
