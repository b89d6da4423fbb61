import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { AlpesError } from '../../errors.js';
import { openSilentProxy, type SilentProxy } from '../../testing/silent-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Transport } from '../../transport.js';
import { connectTransport } from '../connect.js';

// Less than the 30 s after which a silent connection is given up by itself.
jest.setTimeout(20_000);

let log: TestDatabase;
let proxy: SilentProxy;
let transport: Transport;
beforeEach(async () => {
  log = await createTestDatabase();
  proxy = await openSilentProxy(log.url);
  transport = connectTransport(`embedded:${proxy.url}`);
  await transport.declare([{ topic: 'orders', subscriptions: ['all'] }]);
});
afterEach(async () => {
  await proxy.close();
  await log.drop();
});

it('whoever waits for a log that is silent is told when the transport is closed, and whoever comes later', async () => {
  const orders = { topic: 'orders', subscription: 'all', mode: 'durable', from: 'earliest' } as const;
  const subscription = await transport.subscribe(orders);
  const message = { topic: 'orders', key: 'k', properties: {}, payload: new Uint8Array() };
  const [received] = await Promise.all([
    subscription.receive(1, 10_000, new AbortController().signal),
    transport.publish([message]),
  ]);
  proxy.silence();
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (thrown: unknown) => AlpesError.from(thrown).code,
    );
  const publish = () => transport.publish([message]).then(([error]) => error && AlpesError.from(error).code);
  // More than there are connections.
  const publishing = Array.from({ length: 10 }, publish);
  const others = [codeOf(subscription.acknowledge(received)), codeOf(transport.subscribe(orders))];
  await transport.close();
  expect(new Set(await Promise.all([...publishing, ...others, publish()]))).toEqual(new Set(['unavailable']));
});
