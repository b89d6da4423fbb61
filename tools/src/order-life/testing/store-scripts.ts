import * as fc from 'fast-check';
import { happens } from '../../../../packages/messaging/fixtures/model/steps.js';
import type { Order } from '../../../../services/order/src/domain/order.js';
import type { OrderStore } from '../../../../services/order/src/domain/order-store.js';
import { newTransaction, type Transaction } from '../../../../services/payment/src/domain/transaction.js';
import type { TransactionStore, WorkList } from '../../../../services/payment/src/domain/transaction-store.js';

/** What is done with a store; numbers name one of a few orders. */
export type StoreEvent =
  | { readonly do: 'insert'; readonly which: readonly number[] }
  | {
      readonly do: 'update';
      readonly which: readonly number[];
      readonly state: Transaction['state'];
      readonly isDue: boolean;
    }
  | { readonly do: 'claim'; readonly isOver: boolean };

const which = fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 });

export const storeScripts: fc.Arbitrary<readonly StoreEvent[]> = fc.array(
  fc.oneof(
    happens('insert', { which }),
    happens('update', { which, state: fc.constantFrom('PENDING', 'APPROVED', 'REJECTED'), isDue: fc.boolean() }),
    happens('claim', { isOver: fc.boolean() }),
  ),
  { minLength: 5, maxLength: 20, size: 'max' },
);

/** Does with a store what a script says; resolves to what is seen of it then. */
export type StorePlayer = (event: StoreEvent, step: number) => Promise<unknown>;

type InTransaction<Tx> = <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;

const HOUR_MS = 3_600_000;
const BEGINNING = Date.UTC(2030, 0, 1);
const ids = Array.from({ length: 4 }, (_, index) => `00000000-0000-7000-8000-00000000000${index}`);
const idOf = (which: number): string => ids[which] ?? '';

export function playOrders<Tx>(store: OrderStore<Tx>, inTransaction: InTransaction<Tx>): StorePlayer {
  return (event, step) =>
    inTransaction(async (tx) => {
      const now = new Date(BEGINNING + step);
      const given = event.do === 'claim' ? [] : event.which.map(idOf);
      const locked = await store.lock(tx, given);
      const change = (order: Order): Order => ({
        ...order,
        version: order.version + 1,
        address: 'no part of it',
        updatedAt: now,
      });
      if (event.do === 'update')
        await store.update(
          tx,
          [...locked.values()].map((order) => ({ ...change(order), status: event.state })),
        );
      const inserted =
        event.do === 'insert'
          ? await store.insert(
              tx,
              given.map((id) => anOrder(id, now)),
            )
          : [];
      return { inserted, rows: await store.lock(tx, ids) };
    });
}

function anOrder(id: string, now: Date): Order {
  const lines = [{ sku: 'A-1', name: 'Lamp', quantity: 1, unitPrice: 1000 }];
  const content = { clientId: 7, address: `Calle ${now.getTime()}`, currency: 'EUR', lines, total: 1000 };
  return { id, ...content, status: 'PENDING', version: 1, createdAt: now, updatedAt: now };
}

export function playTransactions<Tx>(
  store: TransactionStore<Tx>,
  inTransaction: InTransaction<Tx>,
  /** With leases that last so long, of this name. */
  workList: (leaseMs: number, lease: string) => WorkList,
): StorePlayer {
  return async (event, step) => {
    const now = new Date(BEGINNING + step);
    const claimed = event.do === 'claim' ? await workList(event.isOver ? -1 : HOUR_MS, leaseOf(step)).claim(10) : [];
    return inTransaction(async (tx) => {
      if (event.do === 'insert')
        await store.insert(
          tx,
          event.which.map((one) => aTransaction(one, step, now)),
        );
      if (event.do === 'update') {
        const locked = await store.lock(tx, event.which.map(idOf));
        const change = (one: Transaction): Transaction => ({
          ...{ ...one, state: event.state, version: one.version + 1, attempts: one.attempts + 1 },
          ...{ reason: 'why', gatewayReference: 'R-1', updatedAt: now },
        });
        const pauseMs = event.isDue ? 0 : HOUR_MS;
        await store.update(
          tx,
          [...locked.values()].map((one) => ({ transaction: change(one), pauseMs })),
        );
      }
      const byId = claimed.toSorted((one, other) => (one.id < other.id ? -1 : 1));
      return { claimed: byId, rows: await store.lock(tx, ids) };
    });
  };
}

function leaseOf(step: number): string {
  return `00000000-0000-7000-9000-${String(step).padStart(12, '0')}`;
}

function aTransaction(which: number, step: number, now: Date): Transaction {
  const cause = { id: `event ${step}`, correlationId: 'request', traceparent: '' };
  return newTransaction({ orderId: idOf(which), amount: 1000 + step, currency: 'EUR' }, idOf(which), cause, now);
}
