import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { acceptedId, anOrder, postOrder } from '../orders.js';

/** Orders that are placed one after the other, at a steady rate. */
export interface Load {
  /** The accepted orders, with the number of pieces of each. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Places no more; resolves when all are accepted, rejects if one was refused. */
  stop(): Promise<void>;
}

/** How long in ms an order is repeated while nobody can say whether it was accepted. */
const PATIENCE_MS = 60_000;

/** Begins to place an order every so many ms. */
export function placeOrders(url: string, everyMs: number): Load {
  const accepted = new Map<string, number>();
  const underWay: Promise<void>[] = [];
  const place = async (): Promise<void> => {
    const pieces = 1 + (underWay.length % 7);
    const order = anOrder({ lines: [{ sku: 'MUG-7', name: 'Mug', quantity: pieces, unitPrice: 999 }] });
    accepted.set(await acceptedId(await untilKnown(url, order)), pieces);
  };
  const timer = setInterval(() => {
    const placing = place();
    placing.catch(() => {});
    underWay.push(placing);
  }, everyMs);
  return {
    accepted,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

/** As a client does that was told to: the same order under the same key. */
async function untilKnown(url: string, order: object): Promise<Response> {
  const deadline = performance.now() + PATIENCE_MS;
  const key = { 'idempotency-key': randomUUID() };
  for (;;) {
    const response = await postOrder(url, order, key);
    if (response.status !== 503 || performance.now() > deadline) return response;
    await wait(200);
  }
}
