import type { Rows } from './facts.js';

/** Whose database a table is in. */
export type Owner = 'order' | 'payment' | 'reporting' | 'saga-log' | 'gateway';

export const owners: readonly Owner[] = ['order', 'payment', 'reporting', 'saga-log', 'gateway'];

/** Those with an outbox. */
export const services = ['order', 'payment', 'reporting', 'saga-log'] as const satisfies readonly Owner[];

/** Where the rows of a table come from. The statement sorts by order id, so that the tables can be read side by side. */
export interface Source {
  readonly owner: Owner;
  readonly sql: string;
}

const time = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS`;

export const sources: { readonly [Table in keyof Rows]: Source } = {
  orders: {
    owner: 'order',
    sql: `
      SELECT id::text AS "orderId", client_id::text AS "clientId", address, currency::text AS currency, status,
             total::text AS total, lines::text AS lines, version::text AS version,
             ${time('created_at')} "createdAt", ${time('updated_at')} "updatedAt"
      FROM orders ORDER BY id`,
  },
  transactions: {
    owner: 'payment',
    sql: `
      SELECT order_id::text AS "orderId", id::text AS id, amount::text AS amount, currency::text AS currency, state,
             version::text AS version, ${time('updated_at')} "updatedAt"
      FROM transactions WHERE kind = 'CHARGE' ORDER BY order_id`,
  },
  charges: {
    owner: 'gateway',
    sql: `
      SELECT order_id::text AS "orderId", idempotency_key::text AS key, amount::text AS amount,
             currency::text AS currency, outcome
      FROM charges ORDER BY order_id`,
  },
  reports: {
    owner: 'reporting',
    sql: `
      SELECT id::text AS "orderId", client_id::text AS "clientId", address, currency::text AS currency, status,
             total::text AS total, lines::text AS lines, order_version::text AS "orderVersion",
             ${time('created_at')} "createdAt", ${time('updated_at')} "updatedAt",
             transaction_id::text AS "transactionId", transaction_state AS "transactionState",
             transaction_amount::text AS "transactionAmount", transaction_currency::text AS "transactionCurrency",
             transaction_version::text AS "transactionVersion", ${time('processed_at')} "processedAt"
      FROM order_reports ORDER BY id`,
  },
  steps: {
    owner: 'saga-log',
    sql: `
      SELECT order_id::text AS "orderId", message_id::text AS "messageId", message, state,
             causation_id AS "causationId", trace_id AS "traceId"
      FROM steps ORDER BY order_id`,
  },
};
