import { about, copy, type Fault, fault, paid, refused, type Statement } from './fault.js';
import { sampleId } from './sample-orders.js';

const order = `id = '${paid.id}'`;
const ofOrder = `order_id = '${paid.id}'`;
const stranger = sampleId('an order that nobody has');
const other = sampleId('another transaction');

const forgotten: Readonly<Record<string, Statement>> = {
  order: ['order', `DELETE FROM orders WHERE ${order}`],
  transaction: ['payment', `DELETE FROM transactions WHERE ${ofOrder}`],
  charge: ['gateway', `DELETE FROM charges WHERE ${ofOrder}`],
  report: ['reporting', `DELETE FROM order_reports WHERE ${order}`],
  steps: ['saga-log', `DELETE FROM steps WHERE ${ofOrder}`],
};
const forget = (...names: readonly string[]): Statement[] =>
  names.map((name) => forgotten[name]).filter((statement) => statement !== undefined);

/** The order is as if payment had just been told of it. */
const untold: readonly Statement[] = [
  ['order', `UPDATE orders SET status = 'PENDING', version = 1, updated_at = created_at WHERE ${order}`],
  [
    'reporting',
    `UPDATE order_reports SET status = 'PENDING', order_version = 1, updated_at = created_at WHERE ${order}`,
  ],
  ['saga-log', `DELETE FROM steps WHERE ${ofOrder} AND message = 'OrdenActualizada'`],
];
const untoldOfPayment: readonly Statement[] = [
  [
    'reporting',
    `UPDATE order_reports SET transaction_id = NULL, transaction_state = NULL, transaction_amount = NULL,
       transaction_currency = NULL, transaction_version = NULL, processed_at = NULL WHERE ${order}`,
  ],
  ['saga-log', `DELETE FROM steps WHERE ${ofOrder} AND message IN ('CrearLog', 'TransaccionProcesada')`],
];

const orderFaults: readonly Fault[] = [
  fault(
    'an accepted order that nobody has',
    forget('order', 'transaction', 'charge', 'report', 'steps'),
    about('order-missing', 'Nobody else knows it'),
  ),
  fault(
    'an accepted order that only the order service has lost',
    forget('order'),
    about('order-missing', 'transactions (1), charges (1), reports (1), steps (5)'),
  ),
  fault(
    'a doubled order',
    [
      ['order', 'ALTER TABLE orders DROP CONSTRAINT orders_pkey'],
      ['order', copy('orders', order)],
    ],
    about('order-doubled', '2 rows'),
  ),
  fault('an order that is not final', untold, about('order-not-final', 'its transaction is APPROVED')),
];

const transactionFaults: readonly Fault[] = [
  fault('no transaction', forget('transaction', 'charge'), about('transaction-missing', 'The order is APPROVED')),
  fault(
    'no transaction, but money',
    forget('transaction'),
    about('transaction-missing', 'The order is APPROVED'),
    about('charge-unwanted', 'payment has no transaction'),
  ),
  fault(
    'two transactions',
    [
      ['payment', 'DROP INDEX transactions_order_id_kind_key'],
      ['payment', 'ALTER TABLE transactions DROP CONSTRAINT transactions_pkey'],
      ['payment', copy('transactions', ofOrder)],
    ],
    about('transaction-doubled', '2 transactions'),
  ),
  fault(
    'another amount',
    [
      ['payment', `UPDATE transactions SET amount = 1 WHERE ${ofOrder}`],
      ['gateway', `UPDATE charges SET amount = 1 WHERE ${ofOrder}`],
      ['reporting', `UPDATE order_reports SET transaction_amount = 1 WHERE ${order}`],
    ],
    about('transaction-disagrees', 'amount is "1", not "2598"'),
  ),
  fault(
    'another currency',
    [
      ['payment', `UPDATE transactions SET currency = 'USD' WHERE ${ofOrder}`],
      ['gateway', `UPDATE charges SET currency = 'USD' WHERE ${ofOrder}`],
      ['reporting', `UPDATE order_reports SET transaction_currency = 'USD' WHERE ${order}`],
    ],
    about('transaction-disagrees', 'currency is "USD", not "EUR"'),
  ),
  fault(
    'another state',
    [
      ['payment', `UPDATE transactions SET state = 'REJECTED' WHERE ${ofOrder}`],
      ['gateway', `UPDATE charges SET outcome = 'rejected' WHERE ${ofOrder}`],
      ['reporting', `UPDATE order_reports SET transaction_state = 'REJECTED' WHERE ${order}`],
      ['saga-log', `UPDATE steps SET state = 'REJECTED' WHERE ${ofOrder} AND message = 'TransaccionProcesada'`],
    ],
    about('transaction-disagrees', 'state is "REJECTED", not "APPROVED"'),
  ),
  fault(
    'a payment that is still to be made',
    [
      ...[...untold, ...untoldOfPayment, ...forget('charge')],
      ['payment', `UPDATE transactions SET state = 'PENDING', version = 0, attempts = 0 WHERE ${ofOrder}`],
    ],
    about('transaction-pending', `${paid.transactionId} is still PENDING`),
  ),
];

const chargeFaults: readonly Fault[] = [
  fault('no charge', forget('charge'), about('charge-missing', 'no charge of it')),
  fault(
    'two charges',
    [
      [
        'gateway',
        `INSERT INTO charges (idempotency_key, order_id, amount, currency, outcome, reason, reference)
         SELECT '${other}', order_id, amount, currency, outcome, reason, reference FROM charges WHERE ${ofOrder}`,
      ],
    ],
    about('charge-doubled', 'took money 2 times'),
  ),
  fault(
    'a charge for a transaction that was refused',
    [['gateway', `UPDATE charges SET outcome = 'approved' WHERE order_id = '${refused.id}'`]],
    about('charge-unwanted', 'is REJECTED', refused.id),
  ),
  ...[
    ['idempotency_key', other, `key is "${other}"`],
    ['amount', '2599', 'amount is "2599", not "2598"'],
    ['currency', 'USD', 'currency is "USD", not "EUR"'],
  ].map(([column = '', value = '', says = '']) =>
    fault(
      `a charge with another ${column}`,
      [['gateway', `UPDATE charges SET ${column} = '${value}' WHERE ${ofOrder}`]],
      about('charge-disagrees', says),
    ),
  ),
];

/** Rows about an order that the order service does not have, in each of the other databases. */
const orphans: readonly Fault[] = (
  [
    ['transactions', ['payment', `UPDATE transactions SET order_id = '${stranger}' WHERE ${ofOrder}`], 'transaction'],
    ['charges', ['gateway', `UPDATE charges SET order_id = '${stranger}' WHERE ${ofOrder}`], 'charge'],
    ['reports', ['reporting', `UPDATE order_reports SET id = '${stranger}' WHERE ${order}`], 'report'],
    ['steps', ['saga-log', `UPDATE steps SET order_id = '${stranger}' WHERE ${ofOrder}`], 'steps'],
  ] as const
).map(([table, statement, kept]) => {
  const others = Object.keys(forgotten).filter((name) => name !== kept);
  const count = table === 'steps' ? 5 : 1;
  return fault(
    `${table} of an order that does not exist`,
    [statement, ...forget(...others)],
    about('order-missing', 'Nobody else knows it'),
    about('rows-without-order', `rows of it: ${table} (${count})`, stranger),
  );
});

export const paymentFaults: readonly Fault[] = [...orderFaults, ...transactionFaults, ...chargeFaults, ...orphans];
