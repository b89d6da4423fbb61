import { randomBytes } from 'node:crypto';
import { expect, it, jest } from '@jest/globals';
import { testPulsar } from '../../testing/test-pulsar.js';
import { connectTransport } from '../connect.js';
import { removeNamespace } from './remove-namespace.js';

jest.setTimeout(60_000);

it('removes a namespace with all that is in it, though somebody uses it, and nothing when it is not there', async () => {
  const url = testPulsar().urls.websocket;
  const pulsar = { tenant: 'alpes', namespace: `removed-${randomBytes(6).toString('hex')}` };
  // With a finite retention, topics have policies of their own, which are in a topic that Pulsar makes itself.
  const transport = connectTransport(url, { partitions: 2, retentionMs: 3_600_000, pulsar });
  const topology = [
    { topic: 'orders', subscriptions: ['shop'] },
    { topic: 'letters', subscriptions: [] },
  ];
  try {
    await transport.declare(topology);
    const message = { topic: 'orders', key: 'a', properties: {}, payload: Buffer.from('1') };
    expect(await transport.publish([message])).toEqual([undefined]);
    await transport.subscribe({ topic: 'orders', subscription: 'shop', mode: 'durable', from: 'earliest' });
    await removeNamespace(url, pulsar);
    await expect(transport.check()).rejects.toThrow(`Pulsar has no namespace alpes/${pulsar.namespace}`);
    await removeNamespace(url, pulsar);
    await transport.declare(topology);
    expect(await transport.browse('orders', { limit: 10 })).toEqual([]);
  } finally {
    await transport.close();
    await removeNamespace(url, pulsar);
  }
});
