import { eventually, openSilentProxy, type SilentProxy } from '@alpes/messaging/testing';
import { createLogger } from '@alpes/service-kit';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ordenCreada } from '../testing/messages.js';
import { orderIds } from '../testing/orders.js';
import { createPaymentBed, type PaymentBed, startReplica } from '../testing/payment-service.js';

jest.setTimeout(120_000);

/** What says that it has given up waiting: the handler, the worker and the relay. */
const GIVEN_UP = ['database of payment', 'payment worker: database away', 'outbox relay: failed'];

/** Limits that end soon; whoever is given up has given up all that it held. */
const IMPATIENT = {
  ...{ DATABASE_LOCK_TIMEOUT_MS: '500', TRANSACTION_TIMEOUT_MS: '3000', OUTAGE_MAX_MS: '100', RELAY_LEASE_MS: '1000' },
  ...{ PAYMENT_LEASE_MS: '2000', GATEWAY_TIMEOUT_MS: '900', PAYMENT_POLL_MS: '50', SIMULATOR_LATENCY_MS: '100' },
};

describe('a payment service whose database goes silent', () => {
  let bed: PaymentBed;
  let proxy: SilentProxy;
  beforeEach(async () => {
    bed = await createPaymentBed();
    proxy = await openSilentProxy(bed.env['DATABASE_URL'] ?? '');
  });
  afterEach(async () => {
    await proxy.close();
    await bed.drop();
  });

  it.each([
    ['and says later what it had to say', 'all'],
    ['over connections that are dead from then on', 'new'],
  ] as const)('%s gives up, comes back, and loses and doubles nothing', async (_how, which) => {
    const lines: string[] = [];
    const note = (_fields: unknown, message: string) => lines.push(message);
    const logger = Object.assign(createLogger('payment', 'silent'), { info: note, warn: note });
    const replica = await startReplica(bed, { env: { ...IMPATIENT, DATABASE_URL: proxy.url }, logger });
    const ids = orderIds(300);
    const publish = (from: number, to: number) =>
      bed.publish(ids.slice(from, to).map((orderId) => ordenCreada(orderId)));
    for (let round = 0; round < 3; round += 1) {
      await publish(round * 100, round * 100 + 50);
      await eventually(async () => (await bed.processed()).length > round * 100, { timeoutMs: 20_000 });
      lines.length = 0;
      proxy.silence();
      await publish(round * 100 + 50, round * 100 + 100);
      const allGaveUp = () => GIVEN_UP.every((what) => lines.some((line) => line.startsWith(what)));
      await eventually(allGaveUp, { timeoutMs: 20_000, what: () => `they give up, after ${lines.join('; ')}` });
      proxy.speak(which);
    }
    await bed.settled();
    await bed.allAnswered();
    await bed.settled();
    await replica.stop();
    const processed = new Map((await bed.processed()).map(({ envelope, body }) => [envelope.id, body.orderId]));
    expect([...processed.values()].toSorted()).toEqual(ids.toSorted());
    expect((await bed.charges()).map((charge) => charge.order_id).toSorted()).toEqual(ids.toSorted());
    expect(await bed.browse('orden-creada-payment-DLQ')).toEqual([]);
  });
});
