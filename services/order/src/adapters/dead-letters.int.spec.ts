import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { crearOrden, transaccionProcesada } from '../testing/messages.js';
import { type OrderService, startOrderService } from '../testing/order-service.js';

let service: OrderService;
beforeAll(async () => {
  service = await startOrderService();
}, 30_000);
afterAll(() => service.stop());

async function statusOf(orderId: string): Promise<string> {
  return ((await (await service.get(`/orders/${orderId}`)).json()) as { status: string }).status;
}

describe('a dead letter of the order service', () => {
  it('is found, read and redriven over HTTP once its cause is mended', async () => {
    const orderId = randomUUID();
    const early = transaccionProcesada(orderId);
    await service.publish([early]);
    await service.settled();
    const id = early.properties['ce_id'];
    const { letters } = (await (await service.get('/dead-letters?topic=transaccion-creada')).json()) as {
      letters: unknown[];
    };
    expect(letters).toEqual([
      expect.objectContaining({ id, key: orderId, reason: 'rule-broken', state: 'dead', subscription: 'order' }),
    ]);
    const letter: unknown = await (await service.get(`/dead-letters/${id}`)).json();
    expect(letter).toMatchObject({ body: { json: { orderId, amount: '2500', state: 'TRANSACTION_STATE_APPROVED' } } });

    await service.publish([crearOrden(orderId)]);
    await service.settled();
    expect(await statusOf(orderId)).toBe('PENDING');
    const response = await service.post('/dead-letters/redrive', { ids: [id] });
    expect(await response.json()).toMatchObject({ results: [{ id, verdict: 'redrive' }] });
    await service.settled();
    expect(await statusOf(orderId)).toBe('APPROVED');
    const again = await service.post('/dead-letters/redrive', { ids: [id], dryRun: true });
    expect(await again.json()).toMatchObject({ results: [{ id, state: 'applied', verdict: 'applied' }] });
  });

  it('of a topic that the service does not consume is asked for in vain, and the answer names those that there are', async () => {
    const response = await service.get('/dead-letters?topic=orden-creada');
    expect(response.status).toBe(400);
    const message = expect.stringContaining('crear-orden, transaccion-creada') as unknown;
    expect(await response.json()).toMatchObject({ errors: [{ path: 'query.topic', message }] });
  });
});
