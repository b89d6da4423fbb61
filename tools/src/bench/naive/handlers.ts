import { randomUUID } from 'node:crypto';
import {
  catalogue,
  type CrearOrden,
  CrearLogSchema,
  OrdenActualizadaSchema,
  OrdenCreadaSchema,
  type OrdenCreada,
  OrderStatus,
  TransaccionProcesadaSchema,
  type TransaccionProcesada,
  TransactionState,
} from '@alpes/contracts';
import type { Envelope, TransportMessage } from '@alpes/messaging';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Client } from 'pg';
import type { Sample } from '../floor/sample.js';

interface Model {
  create(args: { data: object }): Promise<unknown>;
  update(args: { where: object; data: object }): Promise<unknown>;
  upsert(args: { where: object; create: object; update: object }): Promise<unknown>;
}

/** What we use of the Prisma clients of all services. */
export interface Db {
  readonly order: Model;
  readonly transaction: Model;
  readonly orderReport: Model;
  readonly step: Model;
  readonly idempotencyKey: Model;
  $queryRaw<T>(text: TemplateStringsArray, ...values: unknown[]): Promise<T>;
  $executeRaw(text: TemplateStringsArray, ...values: unknown[]): Promise<number>;
  $transaction<T>(work: (tx: Db) => Promise<T>, limits: { maxWait: number; timeout: number }): Promise<T>;
}

export interface Incoming {
  readonly envelope: Envelope;
  readonly body: unknown;
}

/** What a service does with a message of one topic; both say what is to be published. */
export interface Handler {
  /** In the transaction of the message. */
  readonly handle: (tx: Db, incoming: Incoming) => Promise<readonly TransportMessage[]>;
  readonly afterwards?: (db: Db, incoming: Incoming) => Promise<readonly TransportMessage[]>;
}

/** Messages that a service publishes for each order. */
export const outgoingOf = (service: string): number => ({ order: 2, payment: 2 })[service] ?? 0;

export async function placeOrder(db: Db, { id, clientId }: Sample): Promise<void> {
  const data = { clientId, key: randomUUID(), bodyHash: 'f'.repeat(64), orderId: id, expiresAt: new Date() };
  await db.idempotencyKey.create({ data });
}

/** The handlers of a service by topic. */
export async function handlersOf(service: string, gatewayUrl: string): Promise<Readonly<Record<string, Handler>>> {
  if (service === 'order') return { 'crear-orden': { handle: createOrder }, [TRANSACTIONS]: { handle: moveOrder } };
  if (service === 'payment') return { 'orden-creada': await payer(gatewayUrl) };
  if (service === 'reporting') {
    const handle = reportOrder;
    return {
      'orden-creada': { handle },
      'orden-actualizada': { handle },
      [TRANSACTIONS]: { handle: reportTransaction },
    };
  }
  const topics = ['crear-orden', 'orden-creada', 'crear-log', TRANSACTIONS, 'orden-actualizada'];
  return Object.fromEntries(topics.map((topic) => [topic, { handle: noteStep }]));
}

const TRANSACTIONS = catalogue.contractOf(TransaccionProcesadaSchema).topic;

const causeOf = ({ envelope: { id, correlationId, traceparent } }: Incoming) => ({ id, correlationId, traceparent });
const jsonOf = (lines: CrearOrden['lines']): object[] =>
  lines.map(({ sku, name, quantity, unitPrice }) => ({
    ...{ sku, name, quantity: Number(quantity), unitPrice: Number(unitPrice) },
  }));

const createOrder: Handler['handle'] = async (tx, incoming) => {
  const { orderId, clientId, address, currency, lines } = incoming.body as CrearOrden;
  const total = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0n);
  const at = incoming.envelope.time;
  const data = { id: orderId, clientId, address, currency, status: 'PENDING', total, lines: jsonOf(lines), version: 1 };
  await tx.order.create({ data: { ...data, createdAt: at, updatedAt: at } });
  const times = { createdAt: timestampFromDate(at), updatedAt: timestampFromDate(at) };
  const body = { ...{ orderId, clientId, address, currency, lines, total }, ...times };
  const event = { ...body, status: OrderStatus.PENDING, version: 1n };
  const context = { source: 'order', cause: causeOf(incoming), aggregateVersion: 1 };
  return [catalogue.compose(OrdenCreadaSchema, event, context)];
};

interface OrderRow {
  readonly clientId: bigint;
  readonly address: string;
  readonly currency: string;
  readonly total: bigint;
  readonly lines: readonly { sku: string; name: string; quantity: number; unitPrice: number }[];
  readonly createdAt: Date;
}

const moveOrder: Handler['handle'] = async (tx, incoming) => {
  const { orderId } = incoming.body as TransaccionProcesada;
  const data = { status: 'APPROVED', version: 2, updatedAt: new Date() };
  const row = (await tx.order.update({ where: { id: orderId }, data })) as OrderRow;
  const { clientId, address, currency, total, createdAt } = row;
  const lines = row.lines.map(({ sku, name, quantity, unitPrice }) => ({
    ...{ sku, name, quantity: BigInt(quantity), unitPrice: BigInt(unitPrice) },
  }));
  const times = { createdAt: timestampFromDate(createdAt), updatedAt: timestampFromDate(data.updatedAt) };
  const body = { ...{ orderId, clientId, address, currency, lines, total }, ...times };
  const event = { ...body, status: OrderStatus.APPROVED, version: 2n };
  const context = { source: 'order', cause: causeOf(incoming), aggregateVersion: 2 };
  return [catalogue.compose(OrdenActualizadaSchema, event, context)];
};

const CHARGE = `
  INSERT INTO charges (idempotency_key, order_id, amount, currency, outcome, reason, reference)
  VALUES ($1, $2, $3, $4, 'approved', '', $5)`;

async function payer(gatewayUrl: string): Promise<Handler> {
  const gateway = new Client({ connectionString: gatewayUrl });
  await gateway.connect();
  return {
    handle: async (tx, incoming) => {
      const { orderId, total: amount, currency } = incoming.body as OrdenCreada;
      const { correlationId, traceparent, id: causeId } = causeOf(incoming);
      const begun = { kind: 'CHARGE', state: 'PENDING', version: 0, reason: '', gatewayReference: '', attempts: 0 };
      const times = { createdAt: new Date(), updatedAt: new Date() };
      // For each order there is one: its id may be the order's.
      const about = { id: orderId, orderId, amount, currency, causeId, correlationId, traceparent };
      await tx.transaction.create({ data: { ...begun, ...about, ...times } });
      return [];
    },
    afterwards: async (db, incoming) => {
      const { orderId, total: amount, currency } = incoming.body as OrdenCreada;
      await gateway.query(CHARGE, [orderId, orderId, String(amount), currency, orderId]);
      const data = { state: 'APPROVED', version: 1, attempts: 1, gatewayReference: orderId, updatedAt: new Date() };
      await db.transaction.update({ where: { id: orderId }, data });
      const context = { source: 'payment', cause: causeOf(incoming) };
      const step = { orderId, entity: 'payment attempt', state: 'APPROVED', detail: orderId };
      const processed = { orderId, transactionId: orderId, amount, currency, reason: '', version: 1n };
      const end = { state: TransactionState.APPROVED, processedAt: timestampFromDate(data.updatedAt) };
      return [
        catalogue.compose(CrearLogSchema, step, context),
        catalogue.compose(TransaccionProcesadaSchema, { ...processed, ...end }, { ...context, aggregateVersion: 1 }),
      ];
    },
  };
}

const reportOrder: Handler['handle'] = async (tx, { body }) => {
  const { orderId: id, clientId, address, currency, lines, total, status, version } = body as OrdenCreada;
  const state = status === OrderStatus.PENDING ? 'PENDING' : 'APPROVED';
  const data = {
    clientId,
    address,
    currency,
    lines: jsonOf(lines),
    total,
    status: state,
    orderVersion: Number(version),
  };
  const times = { createdAt: new Date(), updatedAt: new Date() };
  await tx.orderReport.upsert({ where: { id }, create: { id, ...data, ...times }, update: { ...data, ...times } });
  return [];
};

const reportTransaction: Handler['handle'] = async (tx, { body }) => {
  const { orderId: id, transactionId, amount, currency } = body as TransaccionProcesada;
  const about = { transactionId, transactionAmount: amount, transactionCurrency: currency, transactionVersion: 1 };
  const data = { ...about, transactionState: 'APPROVED', processedAt: new Date() };
  await tx.orderReport.upsert({ where: { id }, create: { id, ...data }, update: data });
  return [];
};

const noteStep: Handler['handle'] = async (tx, { envelope, body }) => {
  const { id, time, source, type, causationId, correlationId } = envelope;
  const { orderId } = body as { orderId: string };
  const about = { messageId: id, orderId, at: time, service: source, message: type, state: 'PENDING', detail: '' };
  await tx.step.create({ data: { ...about, causationId, correlationId, traceId: '', orderVersion: null } });
  return [];
};
