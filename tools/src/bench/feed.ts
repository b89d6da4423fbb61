import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { catalogue, CrearOrdenSchema } from '@alpes/contracts';
import { childTraceparent, type Publisher, type TransportMessage } from '@alpes/messaging';

/** Somebody who orders at a steady rate. */
export interface Feed {
  /** How many orders the broker has confirmed. */
  readonly count: () => number;
  /** Resolves once nothing more comes; rejects with what went wrong. */
  readonly stop: () => Promise<void>;
}

/** How often in ms the orders that are due are sent, as one batch. */
const intervalMs = 20;

/** Sends commands as the BFF does, `perSecond` of them whatever becomes of them: who is slow gets a backlog. */
export function startFeed(publisher: Publisher, perSecond: number): Feed {
  const stopping = new AbortController();
  const startedAt = performance.now();
  let count = 0;

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1_000) - count;
      for (const error of await publisher.publish(Array.from({ length: due }, command))) {
        if (error !== undefined) throw error;
      }
      count += due;
      await delay(intervalMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };

  const running = run();
  running.catch(() => {});
  return {
    count: () => count,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

function command(): TransportMessage {
  const orderId = randomUUID();
  const lines = [{ sku: 'COFFEE-1', name: 'Coffee, 500 g', quantity: 2n, unitPrice: 1_299n }];
  const body = { orderId, clientId: 42n, address: 'Calle 100 # 8A-55, Bogotá', currency: 'EUR', lines };
  const cause = { id: orderId, correlationId: orderId, traceparent: childTraceparent() };
  return catalogue.compose(CrearOrdenSchema, body, { id: orderId, source: 'bff', cause });
}
