import { catalogue, OrdenCreadaSchema, TransaccionProcesadaSchema, TransactionState } from '@alpes/contracts';
import { deadLetterTopic, decodeBody } from '@alpes/messaging';
import { eachOnce, type Finding, finding, firstsOf } from '../findings.js';
import type { Site } from './site.js';

/** More than a run ever has. */
const limit = 1_000_000;

interface TransactionRow {
  readonly id: string;
  readonly orderId: string;
  readonly state: string;
}

interface ChargeRow {
  readonly key: string;
  readonly orderId: string;
  readonly outcome: string;
}

const TRANSACTIONS = 'SELECT id::text, order_id::text AS "orderId", state FROM transactions';
const CHARGES = `SELECT idempotency_key::text AS key, order_id::text AS "orderId", outcome FROM charges`;
const WAITING = 'SELECT count(*)::int AS waiting FROM messaging.outbox';

/** By their ids; `must`: the broker has confirmed it, `may`: nobody knows. */
export type Orders = Map<string, 'must' | 'may'>;

/** Each order that was accepted has one transaction, one answer in the gateway's books and one event, which all agree. */
export async function judge({ payment, books, transport }: Site, expected: Orders): Promise<Finding[]> {
  const { rows: transactions } = await payment.query<TransactionRow>(TRANSACTIONS);
  const { rows: charges } = await books.query<ChargeRow>(CHARGES);
  const { rows: outbox } = await payment.query<{ waiting: number }>(WAITING);
  const { topic } = catalogue.contractOf(TransaccionProcesadaSchema);
  const events = firstsOf(
    (await transport.browse(topic, { limit })).map(({ properties, payload }) => {
      const { orderId, transactionId, state } = decodeBody(TransaccionProcesadaSchema, payload);
      return { id: properties['ce_id'] ?? '', orderId, said: `${transactionId} ${TransactionState[state]}` };
    }),
  );
  const dead = deadLetterTopic(catalogue.contractOf(OrdenCreadaSchema).topic, 'payment');
  const letters = await transport.browse(dead, { limit });
  const results = transactions.map(({ id, state }) => `${id} ${state}`);
  return [
    ...each('transactions', expected, transactions),
    ...each('charges', expected, charges),
    ...each('events', expected, events),
    ...same(
      'what the gateway booked',
      results,
      charges.map(({ key, outcome }) => `${key} ${outcome.toUpperCase()}`),
    ),
    ...same(
      'what the events say',
      results,
      events.map(({ said }) => said),
    ),
    ...letters.map(({ key }) => finding('lost', `order ${key} is dead`)),
    ...outbox.filter(({ waiting }) => waiting > 0).map(({ waiting }) => finding('lost', `${waiting} messages wait`)),
  ];
}

function each(what: string, expected: Orders, rows: readonly { readonly orderId: string }[]): Finding[] {
  return eachOnce(
    `${what} by order`,
    expected,
    rows.map(({ orderId }) => orderId),
  );
}

function same(what: string, results: readonly string[], found: readonly string[]): Finding[] {
  return eachOnce(what, new Map(results.map((one) => [one, 'must'])), found);
}
