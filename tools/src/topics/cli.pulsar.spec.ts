import { catalogue } from '@alpes/contracts';
import { connectTransport, type MessageSchema, schemaOf, type SchemaRegistry, type Transport } from '@alpes/messaging';
import { testPulsar } from '@alpes/messaging/testing';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { withText } from './testing/changed-schema.js';
import { runTopics } from './testing/run-topics.js';

// Each test starts processes, which takes its time on a busy machine.
jest.setTimeout(240_000);

const schemaOn = (topic: string): MessageSchema => {
  const contract = catalogue.contracts.find((one) => one.topic === topic);
  if (contract === undefined) throw new Error(`no contract has the topic ${topic}`);
  return schemaOf(contract.schema);
};

describe('npm run topics on Pulsar', () => {
  const url = testPulsar().urls.websocket;
  let tenant: string;
  let env: { BROKER_URL: string; PULSAR_TENANT: string; BROKER_PARTITIONS: string };
  let transport: Transport;
  let schemas: SchemaRegistry;

  beforeEach(() => {
    tenant = `test-${randomBytes(6).toString('hex')}`;
    env = { BROKER_URL: url, PULSAR_TENANT: tenant, BROKER_PARTITIONS: '2' };
    transport = connectTransport(url, { partitions: 2, pulsar: { tenant } });
    if (transport.schemas === undefined) throw new Error('the transport has no schema registry');
    schemas = transport.schemas;
  });
  afterEach(() => transport.close());

  /** What the admin API says of the namespace. */
  async function admin(path: string): Promise<unknown> {
    const response = await fetch(`${url.replace(/^ws/, 'http')}/admin/v2/${path}`);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }
  const topics = () => admin(`persistent/${tenant}/alpes/partitioned`);
  const versions = async () =>
    Promise.all(catalogue.contracts.map(async ({ topic }) => (await schemas.versions(topic)).length));

  it('creates tenant, namespace, topics, subscriptions and dead-letter topics, and again changes nothing', async () => {
    const first = await runTopics(env);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('read by order, saga-log; alpes.order.v1.CrearOrden, version 0, registered now\n');
    expect(first.out).toMatch(/5 topics and 11 dead-letter topics are there\.\n$/);
    await transport.check(catalogue.topology().map(({ topic }) => topic));
    expect(await topics()).toHaveLength(16);
    expect(await transport.partitions('crear-orden')).toBe(2);
    const namespace = (await admin(`namespaces/${tenant}/alpes`)) as Record<string, unknown>;
    expect(namespace).toMatchObject({
      retention_policies: { retentionTimeInMinutes: -1, retentionSizeInMB: -1 },
      autoTopicCreationOverride: { allowAutoTopicCreation: false },
    });
    for (const { topic, consumers } of catalogue.contracts) {
      const stats = (await admin(`persistent/${tenant}/alpes/${topic}/partitioned-stats`)) as { subscriptions: object };
      expect(Object.keys(stats.subscriptions).toSorted()).toEqual([...consumers].toSorted());
    }
    const again = await runTopics(env);
    expect(again).toEqual({ ...first, out: first.out.replaceAll('registered now', 'as before') });
    expect(await versions()).toEqual([1, 1, 1, 1, 1]);
  });

  it('is run by several at once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => runTopics(env)));
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual(all.map(() => ({ code: 0, err: '' })));
    expect(await versions()).toEqual([1, 1, 1, 1, 1]);
  });

  it('lets everybody discover what a topic carries, and publish without a schema', async () => {
    await runTopics(env);
    for (const { topic, type } of catalogue.contracts) {
      const [held] = await schemas.versions(topic);
      const set = fromBinary(FileDescriptorSetSchema, held?.schema?.descriptors ?? new Uint8Array());
      expect(held).toMatchObject({ type: 'PROTOBUF_NATIVE', version: 0, schema: { message: type } });
      expect(
        createFileRegistry(set)
          .getMessage(type)
          ?.fields.map(({ name }) => name),
      ).toContain('order_id');
    }
    const message = { topic: 'crear-orden', key: 'k', properties: {}, payload: Buffer.from('x') };
    expect(await transport.publish([message])).toEqual([undefined]);
    expect(await transport.backlog('crear-orden', 'order')).toBe(1);
  });

  it('refuses what breaks a schema that the broker let through, and creates and registers nothing', async () => {
    const ours = schemaOn('crear-orden');
    await transport.declare([{ topic: 'crear-orden', subscriptions: [] }]);
    expect(await schemas.register('crear-orden', ours)).toBe(0);
    // The broker compares no more than the name of the message.
    expect(await schemas.register('crear-orden', withText(withText(ours, 'client_id'), 'address'))).toBe(1);
    const { code, out, err } = await runTopics(env);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/crear-orden: alpes\.order\.v1\.CrearOrden is version 0, which version 1 on the broker breaks/);
    expect(err).toMatch(
      /Field "2" with name "client_id" on message "CrearOrden" changed type from "int64" to "string"/,
    );
    expect(await versions()).toEqual(catalogue.contracts.map(({ topic }) => (topic === 'crear-orden' ? 2 : 0)));
    expect(await topics()).toHaveLength(1);
  });

  it('refuses to break the only version that the broker holds', async () => {
    await transport.declare([{ topic: 'crear-log', subscriptions: [] }]);
    await transport.declare([{ topic: 'orden-creada', subscriptions: [] }]);
    await schemas.register('orden-creada', withText(schemaOn('orden-creada'), 'total'));
    const { code, err } = await runTopics(env);
    expect(code).toBe(1);
    expect(err).toMatch(/orden-creada: alpes\.order\.v1\.OrdenCreada breaks version 0, which the broker holds/);
    expect(err).toMatch(/Field "6" with name "total" on message "OrdenCreada" changed type from "string" to "int64"/);
    expect(await topics()).toHaveLength(2);
    expect(await schemas.versions('orden-creada')).toHaveLength(1);
  });

  it('refuses another message or another type of schema, before the broker does', async () => {
    await transport.declare([{ topic: 'crear-orden', subscriptions: [] }]);
    await schemas.register('crear-orden', schemaOn('orden-creada'));
    const { code, err } = await runTopics(env);
    expect(code).toBe(1);
    expect(err).toMatch(/is not what version 0 is, which the broker holds: the message alpes\.order\.v1\.OrdenCreada/);
    const refusal = { code: 'configuration', message: expect.stringMatching(/\(409\).*root message/) };
    await expect(schemas.register('crear-orden', schemaOn('crear-orden'))).rejects.toMatchObject(refusal);

    await transport.declare([{ topic: 'crear-log', subscriptions: [] }]);
    const avro = { type: 'AVRO', schema: '{"type":"record","name":"X","fields":[]}', properties: {} };
    await fetch(`${url.replace(/^ws/, 'http')}/admin/v2/schemas/${tenant}/alpes/crear-log/schema`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(avro) },
    });
    expect((await runTopics(env)).err).toContain('which the broker holds: a schema of the type AVRO');
    await expect(schemas.register('crear-log', schemaOn('crear-log'))).rejects.toMatchObject({
      ...{ code: 'configuration', message: expect.stringMatching(/\(409\).*AVRO, new schema type PROTOBUF_NATIVE/) },
    });
  });

  it('refuses another number of partitions, and changes nothing', async () => {
    await transport.declare([{ topic: 'orden-creada', subscriptions: [] }]);
    const { code, err } = await runTopics({ ...env, BROKER_PARTITIONS: '3' });
    expect(code).toBe(1);
    expect(err).toContain('topic orden-creada has 2 partitions, not 3');
    expect(await topics()).toHaveLength(1);
    expect(await versions()).toEqual([0, 0, 0, 0, 0]);
  });

  it('keeps dead letters for ever, also where all else is kept for some time', async () => {
    await runTopics(env);
    expect(await runTopics({ ...env, LOG_RETENTION_DAYS: '2' })).toMatchObject({ code: 0 });
    const retention = (topic: string) => admin(`persistent/${tenant}/alpes/${topic}/retention?applied=true`);
    expect(await retention('crear-orden')).toMatchObject({
      retentionTimeInMinutes: 2 * 24 * 60,
      retentionSizeInMB: -1,
    });
    expect(await retention('crear-orden-order-DLQ')).toMatchObject({
      ...{ retentionTimeInMinutes: -1, retentionSizeInMB: -1 },
    });
  });
});
