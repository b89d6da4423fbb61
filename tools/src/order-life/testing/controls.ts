import { type Control, either } from '../../../../packages/messaging/fixtures/model/control.js';
import { randomUUID } from 'node:crypto';
import type { Order } from '../../../../services/order/src/domain/order.js';
import type { LifeFaults } from './faults.js';

const CHARGED_TWICE = /^order \d is charged \d times/;
const THERE_TWICE = /^the transaction of order \d is there twice/;
const TOLD_WRONG = /^(the transaction of )?order \d is told of in version \d, where \d is due/;
const UNTOLD = /^(the transaction of )?order \d is \w+ \d, and told of as \w+ \d/;
const NOT_FINAL = /^(the transaction of )?order \d was (APPROVED|REJECTED) and becomes \w+/;
const DISAGREES = /^Error: order \d is not the same everywhere/;
const DIED = /^\w+ \d.* died: order \S+ is (APPROVED and can't become REJECTED|of \d+ EUR, not \d+ EUR)/;
const RESTLESS = /^Error: does not come to rest: /;

/** Ways to build the order's life wrong. */
export const LIFE_CONTROLS: Readonly<Record<string, Control<LifeFaults>>> = {
  'asks the gateway with a new idempotency key at each try': {
    finds: CHARGED_TWICE,
    faults: () => ({
      gateway: (gateway) => ({
        ...gateway,
        charge: (request, answer) => gateway.charge({ ...request, idempotencyKey: randomUUID() }, answer),
      }),
    }),
  },
  'is a gateway that knows no idempotency keys': {
    finds: CHARGED_TWICE,
    faults: () => ({
      books: (books) => ({
        ...books,
        book: (request, answer) => books.book({ ...request, idempotencyKey: randomUUID() }, answer),
      }),
    }),
  },
  'adds a transaction for each message that an order was created': {
    finds: THERE_TWICE,
    faults: () => ({
      idOf: () => randomUUID(),
      transactions: (store) => ({
        ...store,
        insert: ({ rows }, transactions) => {
          for (const transaction of transactions)
            rows.set(transaction.id, { transaction, dueAt: Date.now(), leaseUntil: 0 });
          return Promise.resolve();
        },
      }),
    }),
  },
  'works on with orders as it has read them first': {
    finds: TOLD_WRONG,
    faults: () => {
      const known = new Map<string, Order>();
      return {
        orders: (store) => ({
          ...store,
          lock: async (tx, ids) => {
            for (const [id, order] of await store.lock(tx, ids)) if (!known.has(id)) known.set(id, order);
            return new Map([...known].filter(([id]) => ids.includes(id)));
          },
        }),
      };
    },
  },
  'replaces an order that is there': {
    finds: either(TOLD_WRONG, NOT_FINAL, UNTOLD),
    faults: () => ({
      orders: (store) => ({
        ...store,
        insert: ({ rows }, orders) => {
          for (const order of orders) rows.set(order.id, order);
          return Promise.resolve(orders);
        },
      }),
    }),
  },
  'writes an order without its version': {
    finds: UNTOLD,
    faults: () => ({
      orders: (store) => ({
        ...store,
        update: (tx, orders) =>
          store.update(
            tx,
            orders.map((order) => ({ ...order, version: 1 })),
          ),
      }),
    }),
  },
  'takes a transaction that has its answer for one that waits': {
    finds: either(NOT_FINAL, TOLD_WRONG),
    faults: () => ({
      transactions: (store) => ({
        ...store,
        lock: async (tx, ids) =>
          new Map([...(await store.lock(tx, ids))].map(([id, row]) => [id, { ...row, state: 'PENDING' }])),
      }),
    }),
  },
  'takes a call that failed for a refusal': {
    finds: either(DISAGREES, DIED),
    faults: () => ({
      attempts: (attempts) =>
        attempts.map(({ claimed, outcome }) => ({
          claimed,
          outcome:
            outcome.kind === 'failed'
              ? { kind: 'answered', answer: { outcome: 'rejected', reason: outcome.why } }
              : outcome,
        })),
    }),
  },
  'forgets whose lease it was when it records an attempt': {
    finds: /^the transaction of order \d lost the lease of a worker by another one/,
    faults: () => ({
      attempts: (attempts, { rows }) =>
        attempts.map(({ outcome, claimed }) => ({
          outcome,
          claimed: rows.get(claimed.id)?.transaction ?? claimed,
        })),
    }),
  },
  'claims what another worker works on': {
    finds: /^the transaction of order \d is claimed while another worker holds it/,
    faults: () => ({ isHeld: () => false }),
  },
  'leaves to the dead what they have claimed': {
    finds: RESTLESS,
    faults: () => ({ isHeld: ({ transaction }) => transaction.lease !== undefined }),
  },
  'tells of a change before the commit': {
    finds: either(TOLD_WRONG, UNTOLD),
    faults: () => ({
      outbox: (outbox, publish) => ({
        ...outbox,
        enqueue: (_tx, messages) => {
          publish(messages);
          return Promise.resolve();
        },
      }),
    }),
  },
  'acknowledges what it has not handled yet': { finds: RESTLESS, faults: () => ({ acknowledgesAtOnce: true }) },
};
