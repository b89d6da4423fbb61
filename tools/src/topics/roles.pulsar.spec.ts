import { catalogue } from '@alpes/contracts';
import { AlpesError, connectTransport, type Transport, type TransportMessage } from '@alpes/messaging';
import { createTestDatabase, describeWithNativeClient, eventually, type TestDatabase } from '@alpes/messaging/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { queryOnce } from '../postgres/with-client.js';
import { useCluster } from '../postgres/testing/use-cluster.js';
import { signToken, SUPERUSER } from '../pulsar/access.js';
import { rightsOf } from './rights.js';
import { documentedCommands } from './testing/documented-admin.js';
import { type GuardedPulsar, startGuardedPulsar } from './testing/guarded-pulsar.js';
import { anOrder } from './testing/missing-topics.js';
import { runTopics } from './testing/run-topics.js';
import { startService } from './testing/service-process.js';

// A broker is started, and processes.
jest.setTimeout(240_000);

type Protocol = 'websocket' | 'binary';
const protocols: Protocol[] = ['websocket'];
await describeWithNativeClient('what each role may do', () => protocols.push('binary'));

const PATIENCE = { timeoutMs: 60_000, intervalMs: 50 };
const RIGHTS = rightsOf(catalogue);
const ROLES = [...new Set(RIGHTS.map(({ role }) => role))];
const TOPICS = catalogue.topology().map(({ topic }) => topic);
const may = (role: string, action: 'produce' | 'consume', topic: string): boolean =>
  RIGHTS.some((right) => right.role === role && right.topic === topic && right.actions.includes(action));

const junk = (topic: string): TransportMessage => ({ topic, key: 'k', properties: {}, payload: Buffer.from('x') });
/** What somebody is told who may not do something with a topic. */
const noRight = (topic: string): RegExp => new RegExp(`gives our role no right to .*/${topic}\\b`);

/** What it was refused with. */
const refusalOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it was not refused',
    (thrown: unknown) => AlpesError.from(thrown).message,
  );

async function publish(transport: Transport, topic: string): Promise<void> {
  const [failure] = await transport.publish([junk(topic)]);
  if (failure !== undefined) throw failure;
}

/** Joins a subscription, and receives. */
async function consume(transport: Transport, topic: string, subscription: string): Promise<void> {
  const joined = await transport.subscribe({ topic, subscription, mode: 'durable', from: 'earliest' });
  const received = await joined.receive(1, 10_000, AbortSignal.timeout(10_000));
  await joined.close();
  if (received.length === 0 || (await transport.backlog(topic, subscription)) === 0) throw new Error('nothing came');
}

async function read(transport: Transport, topic: string): Promise<void> {
  if ((await transport.browse(topic, { limit: 1 })).length === 0) throw new Error('nothing came');
}

/** The topics with which it went well, and what was said of each of the others. */
async function tryEach(topics: readonly string[], attempt: (topic: string) => Promise<void>) {
  const [done, refused]: [string[], string[][]] = [[], []];
  for (const topic of topics) {
    await attempt(topic).then(
      () => done.push(topic),
      (thrown: unknown) => refused.push([topic, AlpesError.from(thrown).message]),
    );
  }
  return { done, refused };
}

/** That a role could do it with the topics with which it may, and was told of each of the others that it may not. */
function allowed(role: string, action: 'produce' | 'consume', topics: readonly string[]) {
  const others = topics.filter((topic) => !may(role, action, topic));
  return {
    done: topics.filter((topic) => may(role, action, topic)),
    refused: others.map((topic) => [topic, expect.stringMatching(noRight(topic))]),
  };
}

describe('a broker that was set up as docs/how-to/production.md says', () => {
  let pulsar: GuardedPulsar;
  let database: TestDatabase;
  const open: { close(): Promise<unknown> }[] = [];

  useCluster();
  beforeAll(async () => {
    pulsar = await startGuardedPulsar();
    database = await createTestDatabase();
    for (const command of documentedCommands('tenants create')) await pulsar.run(SUPERUSER, command);
    const topics = await runTopics(envOf('websocket', 'deploy'));
    if (topics.code !== 0) throw new Error(topics.err);
    for (const command of documentedCommands('namespaces grant')) await pulsar.run('deploy', command);
    for (const command of grants()) await pulsar.run('deploy', command);
  }, 240_000);
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  afterAll(async () => {
    await pulsar.stop();
  }, 60_000);

  const envOf = (protocol: Protocol, role: string) => ({
    ...{ BROKER_URL: pulsar.urls[protocol], PULSAR_ADMIN_URL: pulsar.urls.admin, BROKER_PARTITIONS: '2' },
    BROKER_TOKEN: pulsar.tokenOf(role),
  });
  function connect(protocol: Protocol, token: string | undefined): Transport {
    const transport = connectTransport(pulsar.urls[protocol], { pulsar: { adminUrl: pulsar.urls.admin, token } });
    open.push(transport);
    return transport;
  }
  const connectAs = (protocol: Protocol, role: string): Transport => connect(protocol, pulsar.tokenOf(role));

  /** Those for good, without the one that a redrive wants. */
  const grants = () => documentedCommands('topics grant-permission').filter((one) => !isForRedrive(one));
  const isForRedrive = ({ line }: { line: string }): boolean => line.endsWith('--actions consume,produce');

  /** In the outbox of the service. */
  async function enqueue({ topic, key, properties, payload }: TransportMessage): Promise<void> {
    const sql = 'INSERT INTO messaging.outbox (topic, key, properties, payload) VALUES ($1, $2, $3, $4)';
    await queryOnce(database.url, sql, [topic, key, properties, Buffer.from(payload)]);
  }

  describe.each(protocols)('over %s', (protocol) => {
    it('lets a service work with its token alone', async () => {
      const command = anOrder();
      const order = await startService('order', database.url, envOf(protocol, 'order'));
      open.push({ close: order.stop });
      await eventually(async () => (await order.readiness()).status === 200, { ...PATIENCE, what: 'it is ready' });
      expect(order.said()).toEqual([]);
      expect(await connectAs(protocol, 'bff').publish([command])).toEqual([undefined]);
      const operator = connectAs(protocol, 'operator');
      const told = async () => (await operator.browse('orden-creada', { limit: 1_000 })).map(({ key }) => key);
      await eventually(async () => (await told()).includes(command.key), { ...PATIENCE, what: 'it says OrdenCreada' });
    });

    it.each(ROLES)('lets %s do what the contract wants of it, and nothing else', async (role) => {
      await connectAs(protocol, SUPERUSER).publish(TOPICS.map(junk));
      const transport = connectAs(protocol, role);
      await transport.check(catalogue.topicsOf(role));
      expect(await tryEach(TOPICS, (topic) => publish(transport, topic))).toEqual(allowed(role, 'produce', TOPICS));
      expect(await tryEach(TOPICS, (topic) => read(transport, topic))).toEqual(allowed(role, 'consume', TOPICS));
      const live = catalogue.contracts.map(({ topic }) => topic);
      expect(await tryEach(live, (topic) => consume(transport, topic, role))).toEqual(allowed(role, 'consume', live));
    });

    it("gives nobody another's subscription, also to a topic that he may consume", async () => {
      const refusal = await refusalOf(consume(connectAs(protocol, 'order'), 'crear-orden', 'saga-log'));
      expect(refusal).toMatch(noRight('crear-orden-partition-\\d+'));
    });

    it('lets the operator look at everything, and publish nothing', async () => {
      const operator = connectAs(protocol, 'operator');
      await operator.check();
      for (const { topic, consumers } of catalogue.contracts) {
        const published = (await operator.endPositions(topic)).reduce((sum, count) => sum + count);
        expect((await operator.browse(topic, { limit: 1_000 })).length).toBe(Number(published));
        expect((await operator.extents(topic)).map(({ cut }) => cut)).toEqual([undefined, undefined]);
        for (const consumer of consumers) await operator.backlog(topic, consumer);
      }
      const tried = await tryEach(TOPICS, (topic) => publish(operator, topic));
      expect(tried).toEqual(allowed('operator', 'produce', TOPICS));
    });

    it('tells a role without rights from a token that is wrong, has expired or is not there', async () => {
      const stranger = connectAs(protocol, 'stranger');
      expect(await refusalOf(stranger.check(['crear-orden']))).toMatch(noRight('crear-orden'));
      expect(await refusalOf(publish(stranger, 'crear-orden'))).toMatch(noRight('crear-orden'));
      for (const token of [signToken(Buffer.alloc(32), 'bff'), pulsar.tokenOf('bff', new Date(0)), undefined]) {
        const refusal = await refusalOf(connect(protocol, token).check(['crear-orden']));
        expect(refusal).toContain('refuses our token (BROKER_TOKEN)');
      }
    });
  });

  it('makes a redriven message wait in the outbox until its service may publish it', async () => {
    const order = await startService('order', database.url, envOf('websocket', 'order'));
    open.push({ close: order.stop });
    const message = anOrder();
    await enqueue(message);
    const said = () => order.said('outbox relay: could not publish');
    await eventually(() => said().length > 0, { ...PATIENCE, what: 'it says that it may not' });
    expect(said()).toMatchObject([{ text: expect.stringMatching(noRight('crear-orden')) }]);
    for (const command of documentedCommands('topics grant-permission').filter(isForRedrive))
      await pulsar.run('deploy', command);
    const operator = connectAs('websocket', 'operator');
    const there = async () => (await operator.browse('crear-orden', { limit: 1_000 })).map(({ key }) => key);
    await eventually(async () => (await there()).includes(message.key), { ...PATIENCE, what: 'it is published' });
  });
});
