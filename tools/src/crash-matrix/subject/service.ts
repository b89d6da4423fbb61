import {
  type Cause,
  childTraceparent,
  createMessaging,
  type Incoming,
  type Logger,
  type Messaging,
  on,
  prismaInboxStore,
  prismaOutboxStore,
  type SubscriptionDefinition,
} from '@alpes/messaging';
import { brokerSettings, connectBroker, postgresAdapter, readConfig } from '@alpes/service-kit';
import { Registry } from 'prom-client';
import { type Prisma, PrismaClient } from '../../gen/prisma/client.js';
import { catalogue, type Entry, EntrySchema, ReceiptSchema, type Transfer, TransferSchema } from '../contracts.js';
import { breakStores } from '../controls/index.js';
import { LEASE_MS, LOCK_TIMEOUT_MS, POLL_MS, RETRY } from '../timing.js';
import { book } from './book.js';
import { createTaster, type Taster } from './poison.js';
import type { NewTransfer, Orders } from './protocol.js';

export type Tx = Prisma.TransactionClient;

/** A stage of the pipeline as it runs in this process. */
export interface RunningStage {
  /** Resolves with the numbers of the transfers once they are durable. */
  transfer(transfers: readonly NewTransfer[], holdMs: number): Promise<readonly number[]>;
  stop(): Promise<void>;
}

/** Puts a stage together as a service does: a Prisma client, a transport, messaging. */
export function startStage(orders: Orders): RunningStage {
  const { stage, databaseUrl, broker, batchSize, maxAttempts, control } = orders;
  const prisma = new PrismaClient({
    adapter: postgresAdapter({
      ...{ DATABASE_URL: databaseUrl, DATABASE_POOL: 6, DATABASE_LOCK_TIMEOUT_MS: LOCK_TIMEOUT_MS },
    }),
  });
  const transport = connectBroker(readConfig(brokerSettings, { ...process.env, ...broker }));
  const taster = createTaster<Tx>(orders);
  const whole = { outbox: prismaOutboxStore<Tx>(prisma), inbox: prismaInboxStore<Tx>(prisma) };
  const { outbox, inbox } = breakStores(control, { ...whole, prisma, databaseUrl, publisher: transport });
  const messaging = createMessaging<Tx>({
    ...{ service: stage, prisma, databaseUrl, transport, catalogue, logger, registry: new Registry() },
    stores: { outbox, inbox: taster.watch(inbox) },
    settings: {
      ...{ batchSize, maxAttempts, retry: RETRY, outage: RETRY },
      ...{ relayLeaseMs: LEASE_MS, relayPollMs: POLL_MS, transactionTimeoutMs: 10_000 },
    },
  });
  messaging.start([stage === 'source' ? onTransfer(messaging, taster) : onEntry(messaging, taster)]);
  return {
    transfer: (transfers, holdMs) =>
      messaging.inTransaction(async (tx) => {
        const causes = transfers.map(({ transfer: id }) => ({
          id,
          correlationId: id,
          traceparent: childTraceparent(),
        }));
        const numbers = await accept(messaging, transfers, causes, tx);
        // At work all the time, as far as the server can tell: nothing ends it early.
        if (holdMs > 0) await tx.$executeRawUnsafe(`SELECT pg_sleep(${holdMs / 1_000})`);
        return numbers;
      }),
    stop: async () => {
      await messaging.stop();
      await transport.close();
      await prisma.$disconnect();
    },
  };
}

/** A transfer gets its number and says so: state and message in one transaction. */
async function accept(
  messaging: Messaging<Tx>,
  transfers: readonly NewTransfer[],
  causes: readonly Cause[],
  tx: Tx,
): Promise<readonly number[]> {
  const numbers = await book(tx, transfers);
  const entries = transfers.flatMap(({ account, transfer, poison }, index) => {
    const [cause, number] = [causes[index], numbers[index]];
    if (cause === undefined || number === undefined) return [];
    return [catalogue.compose(EntrySchema, { account, transfer, number, poison }, { source: 'source', cause })];
  });
  await messaging.enqueue(tx, entries);
  return numbers;
}

function onTransfer(messaging: Messaging<Tx>, taster: Taster<Tx>): SubscriptionDefinition<Tx> {
  return on(TransferSchema, {
    parse: (body: Transfer) => taster.parse(body),
    handle: async (messages: readonly Incoming<Transfer>[], tx: Tx) => {
      taster.taste(messages);
      const transfers = messages.map(({ value: { account, transfer, poison } }) => ({ account, transfer, poison }));
      const causes = messages.map(({ envelope }) => envelope);
      await accept(messaging, transfers, causes, tx);
    },
  });
}

function onEntry(messaging: Messaging<Tx>, taster: Taster<Tx>): SubscriptionDefinition<Tx> {
  return on(EntrySchema, {
    parse: (body: Entry) => taster.parse(body),
    handle: async (messages: readonly Incoming<Entry>[], tx: Tx) => {
      taster.taste(messages);
      await tx.arrival.createMany({
        data: messages.map(({ envelope: { id: entry }, value: { account, number } }) => ({ account, number, entry })),
      });
      const receipts = messages.map(({ envelope, value: { account, transfer, number } }) =>
        catalogue.compose(ReceiptSchema, { account, transfer, number }, { source: 'sink', cause: envelope }),
      );
      await messaging.enqueue(tx, receipts);
    },
  });
}

/** What went wrong on the way is kept by who started this process. */
const log = (fields: object, message: string): void => {
  const error = 'err' in fields && fields.err instanceof Error ? fields.err.message : undefined;
  const time = new Date().toISOString();
  process.stderr.write(`${JSON.stringify({ time, message, ...fields, err: error })}\n`);
};
const logger: Logger = { info: log, warn: log, error: log };
