import { CrearOrdenSchema } from '@alpes/contracts';
import { connectTransport, type Transport, type TransportMessage } from '@alpes/messaging';
import { createTestDatabase, eventually, type TestDatabase, testPulsar } from '@alpes/messaging/testing';
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { queryOnce } from '../postgres/with-client.js';
import { hasPython } from '../e2e/python.js';
import { useCluster } from '../postgres/testing/use-cluster.js';
import { anOrder, waitsForTopics } from './testing/missing-topics.js';
import { type ServiceProcess, startService } from './testing/service-process.js';
import { produceWithPython } from './testing/produce.js';
import { runTopics } from './testing/run-topics.js';

// Each test starts processes, and a broker may be started too.
jest.setTimeout(600_000);

const PATIENCE = { timeoutMs: 120_000, intervalMs: 100 };

describe('a service on Pulsar', () => {
  const pulsar = testPulsar();
  let tenant: string;
  let env: { BROKER_URL: string; PULSAR_TENANT: string; BROKER_PARTITIONS: string };
  let transport: Transport;
  let database: TestDatabase;
  let order: ServiceProcess | undefined;

  useCluster();
  beforeEach(async () => {
    tenant = `test-${randomBytes(6).toString('hex')}`;
    env = { BROKER_URL: pulsar.urls.websocket, PULSAR_TENANT: tenant, BROKER_PARTITIONS: '2' };
    transport = connectTransport(env.BROKER_URL, { partitions: 2, pulsar: { tenant } });
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await order?.stop();
    order = undefined;
    await transport.close();
    await database.drop();
  });

  const events = async () => transport.browse('orden-creada', { limit: 100 });
  const ordersToldOf = async () => (await events()).map(({ key }) => key).toSorted();

  /** In the outbox of the service. */
  async function enqueue({ topic, key, properties, payload }: Partial<TransportMessage>): Promise<void> {
    const sql = 'INSERT INTO messaging.outbox (topic, key, properties, payload) VALUES ($1, $2, $3, $4)';
    await queryOnce(database.url, sql, [topic, key, properties, Buffer.from(payload ?? [])]);
  }

  /** How many orders were made that Python's client has asked for, on the partitions of our own. */
  async function ordersMadeWithPython(): Promise<number> {
    await runTopics(env);
    order = await startService('order', database.url, env);
    const commands = Array.from({ length: 20 }, () =>
      create(CrearOrdenSchema, {
        ...{ orderId: randomUUID(), clientId: 1n, address: 'Rúa 1', currency: 'EUR' },
        lines: [{ sku: 'MUG-7', name: 'Mug', quantity: 1n, unitPrice: 999n }],
      }),
    );
    const topic = `persistent://${tenant}/alpes/crear-orden`;
    await produceWithPython({ url: pulsar.urls.binary, topic }, CrearOrdenSchema, commands);
    const isHandled = async () => (await events()).length >= commands.length;
    await eventually(isHandled, { ...PATIENCE, what: 'all are handled' });
    const made = new Map((await events()).map(({ key, partition }) => [key, partition]));
    const asked = await transport.browse('crear-orden', { limit: 100 });
    return asked.filter(
      ({ key, partition, properties }) => made.get(key) === partition && Object.keys(properties).length === 0,
    ).length;
  }

  it('waits for its topics', async () => {
    // One of the topics that it needs is there.
    const declare = () => transport.declare([{ topic: 'crear-orden', subscriptions: ['order', 'saga-log'] }]);
    // A broker that has just started may take longer than a request.
    await eventually(() => declare().then(() => true), { ...PATIENCE, what: 'a topic is declared' });
    const said = await waitsForTopics(database.url, env, { pulsar: { tenant } });
    const missing =
      'crear-orden-order-DLQ, orden-creada, orden-actualizada, transaccion-creada, transaccion-creada-order-DLQ, crear-log';
    expect(said()).toEqual([
      {
        ...{ level: 'warn', message: 'the broker: not available, trying until it is' },
        text: `topics ${missing} do not exist; declare them first`,
      },
      { level: 'info', message: 'the broker: available again', text: undefined },
    ]);
  });

  if (hasPython()) {
    it('handles what a client of another language made by our proto files, without any properties', async () => {
      expect(await ordersMadeWithPython()).toBe(20);
    });
  } else {
    it.todo('is not tested with a client of another language, for there is no Python 3.11 with pip');
  }

  it('says so when the broker has lost everything, drops nothing of what it has, and goes on once there are topics', async () => {
    await runTopics(env);
    order = await startService('order', database.url, env);
    const [before, after] = [anOrder(), anOrder()];
    expect(await transport.publish([before])).toEqual([undefined]);
    await eventually(async () => (await events()).length === 1, { ...PATIENCE, what: 'an order is handled' });
    const [told] = await events();
    await pulsar.wipe();
    await enqueue({ ...told, key: 'enqueued while there was no broker' });
    await pulsar.isBack();
    const saysSo = async () => (await order?.readiness())?.broker.includes('declare');
    await eventually(saysSo, { ...PATIENCE, what: 'it says that topics are missing' });
    expect(await order.readiness()).toMatchObject({ status: 503 });
    expect(await runTopics(env)).toMatchObject({ code: 0 });
    await eventually(async () => (await order?.readiness())?.status === 200, { ...PATIENCE, what: 'it is ready' });
    expect(await transport.publish([after])).toEqual([undefined]);
    await eventually(async () => (await events()).length === 2, { ...PATIENCE, what: 'both are published' });
    expect(await ordersToldOf()).toEqual([after.key, 'enqueued while there was no broker'].toSorted());
  });
});
