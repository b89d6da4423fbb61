import { catalogue, CrearLogSchema, TransaccionProcesadaSchema } from '@alpes/contracts';
import { decodeBody, type Envelope, migrate, readEnvelope } from '@alpes/messaging';
import { createTestDatabase, eventually } from '@alpes/messaging/testing';
import { createLogger, type Logger, postgresAdapter, startService } from '@alpes/service-kit';
import { createTestBed, type TestBed } from '@alpes/service-kit/testing';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { gateways } from '../adapters/payment-gateway/index.js';
import { createApp } from '../app.js';
import type { PaymentGateway } from '../domain/payment-gateway.js';
import { type Prisma, PrismaClient } from '../gen/prisma/client.js';
import { type PaymentSettings, readSettings } from '../settings.js';

export const GATEWAY_MIGRATIONS = fileURLToPath(new URL('../../gateway/migrations', import.meta.url));

/** A row of the gateway's books. */
export interface ChargeRow {
  readonly idempotency_key: string;
  readonly order_id: string;
  readonly outcome: string;
  readonly calls: number;
}

interface Received<Body> {
  readonly envelope: Envelope;
  readonly body: Body;
}

/** What payment stands on, its gateway's books included. */
export interface PaymentBed extends Omit<TestBed, 'settled'> {
  /** Reads and writes payment's database. */
  readonly prisma: PrismaClient;
  /** Waits until every order that was published is noted. */
  settled(): Promise<void>;
  charges(): Promise<ChargeRow[]>;
  /** Waits until every transaction that is known now has its answer. */
  allAnswered(): Promise<void>;
  processed(): Promise<Received<MessageShape<typeof TransaccionProcesadaSchema>>[]>;
  steps(): Promise<Received<MessageShape<typeof CrearLogSchema>>[]>;
}

export async function createPaymentBed(): Promise<PaymentBed> {
  const [bed, books] = await Promise.all([
    createTestBed(new URL('../../prisma/migrations', import.meta.url)),
    createTestDatabase(),
  ]);
  await migrate(books.url, GATEWAY_MIGRATIONS);
  const env = {
    ...bed.env,
    GATEWAY_DATABASE_URL: books.url,
    PAYMENT_RETRY_FIRST_MS: '20',
    PAYMENT_RETRY_MAX_MS: '200',
  };
  const prisma = new PrismaClient({ adapter: postgresAdapter(readSettings(env)) });
  const pool = new Pool({ connectionString: books.url, max: 1 });
  pool.on('error', () => {});
  const read = async <Desc extends DescMessage>(schema: Desc): Promise<Received<MessageShape<Desc>>[]> => {
    const { topic, type } = catalogue.contractOf(schema);
    const messages = await bed.browse(topic);
    return messages.map((one) => ({ envelope: readEnvelope(one, type), body: decodeBody(schema, one.payload) }));
  };
  return {
    ...{ ...bed, env, prisma },
    settled: () => bed.settled('payment', prisma),
    allAnswered: async () => {
      const isDone = async () => (await prisma.transaction.count({ where: { state: 'PENDING' } })) === 0;
      await eventually(isDone, { timeoutMs: 15_000, what: 'no transaction is pending' });
    },
    charges: async () => (await pool.query<ChargeRow>('SELECT * FROM charges')).rows,
    processed: () => read(TransaccionProcesadaSchema),
    steps: () => read(CrearLogSchema),
    drop: async () => {
      await Promise.all([prisma.$disconnect(), pool.end()]);
      await Promise.all([bed.drop(), books.drop()]);
    },
  };
}

export interface Replica {
  /** Its answer to a request. */
  get(path: string): Promise<Response>;
  stop(): Promise<void>;
}

interface ReplicaOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Settings that no environment could have. */
  readonly override?: Partial<PaymentSettings>;
  /** Makes another gateway of the one that the environment names. */
  readonly wrap?: (gateway: PaymentGateway) => PaymentGateway;
  readonly logger?: Logger;
}

/** A process of the payment service, as it runs. */
export async function startReplica(
  bed: PaymentBed,
  {
    env = {},
    override = {},
    wrap = (gateway) => gateway,
    logger = createLogger('payment', 'silent'),
  }: ReplicaOptions = {},
): Promise<Replica> {
  const all = { ...bed.env, ...env };
  const settings = { ...readSettings(all), ...override };
  const gateway = wrap(gateways[settings.GATEWAY].open(all));
  const prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
  // Prisma loads a part of itself at the first query; Jest lets it only while a hook or a test runs.
  await prisma.$queryRawUnsafe('SELECT 1');
  const service = await startService<Prisma.TransactionClient>({
    ...{ name: 'payment', settings, prisma, logger },
    build: (context) => createApp({ ...context, prisma, gateway, settings }),
  });
  return {
    get: (path) => fetch(`http://127.0.0.1:${service.port}${path}`),
    stop: async () => {
      await service.stop();
      await gateway.close();
    },
  };
}
