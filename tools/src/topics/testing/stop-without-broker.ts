import { connectTransport, type TransportSettings } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { queryOnce } from '../../postgres/with-client.js';
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

/** Exit codes of a service that was asked to end, and keys of its outbox and of its events. */
export interface Stopped {
  readonly whilePublishing: number | null;
  readonly whileSubscribing: number | null;
  /** What was in the outbox while the broker stood still. */
  readonly kept: readonly string[];
  /** What the broker had in the end. */
  readonly published: readonly string[];
  readonly afterwards: number | null;
}

/** What has to come of it. */
export const STOPPED_WELL = { whilePublishing: 0, whileSubscribing: 0, kept: ['later'], afterwards: 0 };

/** Asks a service to end while its broker stands still, once while it publishes and once while it subscribes. */
export async function stopWithoutBroker(databaseUrl: string, broker: Freezable): Promise<Stopped> {
  const { env, url, settings, freeze, thaw } = broker;
  const transport = connectTransport(url, settings);
  const events = () => transport.browse('orden-creada', { limit: 10 });
  const isHandled = async (count: number) => (await events()).length >= count;
  const start = () => startService('order', databaseUrl, env);
  let order: ServiceProcess | undefined;
  try {
    // It may have stood still a moment ago.
    const isDeclared = async () => (await runTopics({ ...env, BROKER_URL: url })).code === 0;
    await eventually(isDeclared, { ...PATIENCE, what: 'the topics are there' });
    order = await start();
    await transport.publish([anOrder()]);
    await eventually(() => isHandled(1), { ...PATIENCE, what: 'an order is handled' });
    const [event] = await events();

    freeze();
    await queryOnce(
      databaseUrl,
      'INSERT INTO messaging.outbox (topic, key, properties, payload) VALUES ($1, $2, $3, $4)',
      ['orden-creada', 'later', event?.properties, Buffer.from(event?.payload ?? [])],
    );
    await untilNotReady(order);
    const whilePublishing = await order.stop();
    order = await start();
    await untilNotReady(order);
    const whileSubscribing = await order.stop();
    const kept = (await queryOnce<{ key: string }>(databaseUrl, 'SELECT key FROM messaging.outbox')).map(
      ({ key }) => key,
    );

    thaw();
    order = await start();
    await eventually(() => isHandled(2), { ...PATIENCE, what: 'what was kept is published' });
    const published = (await events()).map(({ key }) => key);
    return { whilePublishing, whileSubscribing, kept, published, afterwards: await order.stop() };
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
