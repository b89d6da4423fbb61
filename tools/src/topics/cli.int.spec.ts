import { catalogue } from '@alpes/contracts';
import { connectTransport } from '@alpes/messaging';
import { createTestDatabase, type TestDatabase } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitsForTopics } from './testing/missing-topics.js';
import { runTopics } from './testing/run-topics.js';

// Each test starts processes, which takes its time on a busy machine.
jest.setTimeout(120_000);

describe('npm run topics', () => {
  let log: TestDatabase;
  let BROKER_URL: string;

  beforeAll(async () => {
    log = await createTestDatabase();
    BROKER_URL = `embedded:${log.url}`;
  });
  afterAll(() => log.drop());

  it('creates every topic and subscription of the embedded log, as often as it is asked', async () => {
    const first = await runTopics({ BROKER_URL, BROKER_PARTITIONS: '3' });
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('crear-orden: read by order, saga-log\n');
    expect(first.out).toContain('no schema registry');
    expect(first.out).toMatch(/5 topics and 11 dead-letter topics are there\.\n$/);
    expect(await runTopics({ BROKER_URL, BROKER_PARTITIONS: '3' })).toEqual(first);
    const transport = connectTransport(BROKER_URL);
    await transport.check(catalogue.topology().map(({ topic }) => topic));
    expect(await transport.partitions('crear-orden')).toBe(3);
    await transport.close();
  });

  it('ends with 1 and says so when a topic has another number of partitions', async () => {
    expect(await runTopics({ BROKER_URL, BROKER_PARTITIONS: '3' })).toMatchObject({ code: 0 });
    const { code, out, err } = await runTopics({ BROKER_URL, BROKER_PARTITIONS: '4' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('has 3 partitions, not 4');
  });

  it('ends with 1 and says what is wrong with the settings, or that nobody answers', async () => {
    const none = await runTopics({});
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('BROKER_URL: is required, but not set') });
    const away = await runTopics({ BROKER_URL: 'ws://127.0.0.1:9' });
    expect(away).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^Pulsar's admin API.*ECONNREFUSED\n$/),
    });
    const admin = await runTopics({ BROKER_URL: 'ws://127.0.0.1:9', PULSAR_ADMIN_URL: 'http://127.0.0.1:10' });
    expect(admin).toMatchObject({ code: 1, err: expect.stringContaining('127.0.0.1:10') });
  });

  it('ends with 1 and says so when what answers is not Pulsar, or does not want us', async () => {
    const page = await answering((_, response) => response.end('<html><title>Welcome</title></html>'));
    expect(await runTopics({ BROKER_URL: page.url })).toMatchObject({
      ...{ code: 1, err: expect.stringMatching(/is not Pulsar's admin API: Welcome\n$/) },
    });
    await page.close();
    const strict = await answering((_, response) => response.writeHead(401).end('Authentication required'));
    expect(await runTopics({ BROKER_URL: strict.url, BROKER_TOKEN: 'secret' })).toMatchObject({
      ...{ code: 1, err: expect.stringMatching(/refuses our token.*Authentication required\n$/) },
    });
    await strict.close();
  });

  it('ends with 1 and says so when there is no tenant and it may not make one', async () => {
    const broker = await answering(({ method, url = '' }, response) => {
      const isTenant = url.startsWith('/admin/v2/tenants/');
      const body = url.endsWith('/schemas') ? '{"getSchemaResponses":[]}' : '["standalone"]';
      if (isTenant) response.writeHead(403).end('{"reason":"This operation requires super-user access"}');
      else if (method === 'PUT' || !/schemas|clusters/.test(url)) response.writeHead(404).end('{"reason":"no tenant"}');
      else response.end(body);
    });
    const { code, err } = await runTopics({ BROKER_URL: broker.url, PULSAR_TENANT: 'shop' });
    expect(code).toBe(1);
    expect(err).toMatch(/\/admin\/v2\/tenants\/shop.*requires super-user access/);
    await broker.close();
  });

  it.each([[['--now']], [['orders']]])('ends with 2 and the usage for %j', async (args) => {
    const { code, err } = await runTopics({ BROKER_URL }, args);
    expect(code).toBe(2);
    expect(err).toContain('Usage: npm run topics');
  });

  it('is waited for by a service on the embedded log', async () => {
    const [database, empty] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const said = await waitsForTopics(database.url, { BROKER_URL: `embedded:${empty.url}` });
    expect(said()).toEqual([
      {
        level: 'warn',
        message: 'the broker: not available, trying until it is',
        text: expect.stringContaining('the log has no topics yet'),
      },
      { level: 'info', message: 'the broker: available again', text: undefined },
    ]);
    await Promise.all([database.drop(), empty.drop()]);
  });
});

/** Something that answers HTTP in Pulsar's place. */
async function answering(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
