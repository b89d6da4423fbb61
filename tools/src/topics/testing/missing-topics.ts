import { catalogue } from '@alpes/contracts';
import { connectTransport, type TransportSettings } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { runTopics } from './run-topics.js';
import { type ServiceProcess, startService } from './service-process.js';

const CREAR_ORDEN = catalogue.contracts.find(({ topic }) => topic === 'crear-orden');
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

/**
 * A service that is started on a broker without topics says so, once, and waits; once the topics are there it works,
 * without having been started again. Resolves to what it says in its log.
 */
export async function waitsForTopics(
  databaseUrl: string,
  env: Readonly<Record<string, string>> & { readonly BROKER_URL: string },
  settings: Partial<TransportSettings> = {},
): Promise<ServiceProcess['said']> {
  const order = await startService('order', databaseUrl, env);
  const transport = connectTransport(env.BROKER_URL, settings);
  try {
    await eventually(() => order.said().length > 0, { ...PATIENCE, what: 'it says what is missing' });
    expect(await order.readiness()).toMatchObject({ status: 503, broker: expect.stringContaining('declare') });
    expect(await runTopics(env)).toMatchObject({ code: 0, err: '' });
    const isReady = async () => (await order.readiness()).status === 200;
    await eventually(isReady, { ...PATIENCE, what: 'it is ready' });
    await eventually(() => order.said().length > 1, { ...PATIENCE, what: 'it says that all is there' });
    expect(await transport.publish([anOrder()])).toEqual([undefined]);
    const isHandled = async () => (await transport.browse('orden-creada', { limit: 1 })).length === 1;
    await eventually(isHandled, { ...PATIENCE, what: 'it has handled an order' });
    return order.said;
  } finally {
    await Promise.all([order.stop(), transport.close()]);
  }
}

/** A command to create one. */
export function anOrder() {
  if (CREAR_ORDEN === undefined) throw new Error('no contract has the topic crear-orden');
  const line = { sku: 'MUG-7', name: 'Mug', quantity: 1n, unitPrice: 999n };
  const body = { orderId: randomUUID(), clientId: 1n, address: 'x', currency: 'EUR', lines: [line] };
  const cause = { id: randomUUID(), correlationId: 'a test', traceparent: '' };
  return catalogue.compose(CREAR_ORDEN.schema, body, { source: 'bff', cause });
}
