import { chain, type SampleOrder } from './sample-orders.js';
import type { Owner } from '../sources.js';

/** A statement for one of the databases. */
export interface Write {
  readonly owner: Owner;
  readonly sql: string;
  readonly values: readonly unknown[];
}

const lines = JSON.stringify([{ sku: 'CAF-1', name: 'Café "Ñandú" ☕', quantity: 2, unitPrice: 1299 }]);
const sameLines = JSON.stringify([{ unitPrice: 1299, quantity: 2, name: 'Café "Ñandú" ☕', sku: 'CAF-1' }]);
const order = { clientId: 42, address: 'Rúa "Nova" 7,\n2º', currency: 'EUR', total: 2598 };
const createdAt = '2026-11-21T10:15:30.123Z';
const processedAt = '2026-11-21T10:15:31.400Z';
const updatedAt = '2026-11-21T10:15:31.456Z';

/** All rows that an order leaves when everything went as it should. */
export function rowsOf(sample: SampleOrder): Write[] {
  return [orderRow(sample), transactionRow(sample), chargeRow(sample), reportRow(sample), ...stepRows(sample)];
}

function insert(owner: Owner, table: string, row: Readonly<Record<string, unknown>>): Write {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`).join(', ');
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`;
  return { owner, sql, values: Object.values(row) };
}

const orderRow = ({ id, outcome }: SampleOrder): Write =>
  insert('order', 'orders', {
    ...{ id, client_id: order.clientId, address: order.address, currency: order.currency, status: outcome },
    ...{ total: order.total, lines, version: 2, created_at: createdAt, updated_at: updatedAt },
  });

const transactionRow = ({ id, outcome, transactionId, traceId, requestId, messages }: SampleOrder): Write =>
  insert('payment', 'transactions', {
    ...{ id: transactionId, order_id: id, kind: 'CHARGE', amount: order.total, currency: order.currency },
    ...{ state: outcome, version: 1, reason: outcome === 'REJECTED' ? 'no money' : '' },
    ...{ gateway_reference: outcome === 'APPROVED' ? 'sim-1' : '', attempts: 1, cause_id: messages.OrdenCreada },
    ...{ correlation_id: requestId, traceparent: `00-${traceId}-0123456789abcdef-01` },
    ...{ created_at: createdAt, updated_at: processedAt },
  });

const chargeRow = ({ id, outcome, transactionId }: SampleOrder): Write =>
  insert('gateway', 'charges', {
    ...{ idempotency_key: transactionId, order_id: id, amount: order.total, currency: order.currency },
    ...{ outcome: outcome.toLowerCase(), reason: outcome === 'REJECTED' ? 'no money' : '', reference: 'sim-1' },
  });

const reportRow = ({ id, outcome, transactionId }: SampleOrder): Write =>
  insert('reporting', 'order_reports', {
    ...{ id, client_id: order.clientId, address: order.address, currency: order.currency, status: outcome },
    // The order of a document's fields means nothing.
    ...{ total: order.total, lines: sameLines, order_version: 2, created_at: createdAt, updated_at: updatedAt },
    ...{ transaction_id: transactionId, transaction_state: outcome, transaction_amount: order.total },
    ...{ transaction_currency: order.currency, transaction_version: 1, processed_at: processedAt },
  });

function stepRows({ id, outcome, traceId, requestId, messages }: SampleOrder): Write[] {
  return chain.map(({ message, service, cause }) =>
    insert('saga-log', 'steps', {
      ...{ message_id: messages[message], order_id: id, at: createdAt, service, message, detail: '' },
      state: message === 'CrearOrden' || message === 'OrdenCreada' ? 'PENDING' : outcome,
      causation_id: cause === 'request' ? requestId : messages[cause],
      ...{ correlation_id: requestId, trace_id: traceId },
      order_version: message === 'OrdenCreada' ? 1 : message === 'OrdenActualizada' ? 2 : null,
    }),
  );
}
