// One service as it is written at first: a message is a transaction, a row is a `create`, and so is what waits for the broker.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { catalogue } from '@alpes/contracts';
import { decodeBody, readEnvelope, type Transport, type TransportMessage } from '@alpes/messaging';
import { brokerSettings, connectBroker, postgresAdapter, readConfig } from '@alpes/service-kit';
import type { Taken } from '../floor/rows.js';
import { answerTask } from '../ask-program.js';
import { folderOf, root } from '../../start/system.js';
import { samples } from '../floor/sample.js';
import { type Db, type Handler, handlersOf, outgoingOf, placeOrder } from './handlers.js';

export interface Task {
  readonly service: 'bff' | 'order' | 'payment' | 'reporting' | 'saga-log';
  readonly databaseUrl: string;
  readonly gatewayUrl: string;
  readonly brokerEnv: NodeJS.ProcessEnv;
  readonly orders: number;
}

/** How long in ms a relay that finds nothing waits. */
const IDLE_MS = 5;
/** Clients of the BFF that wait for their answers. */
const CLIENTS = 10;
/** Longest wait for a message in ms. */
const RECEIVE_MS = 1_000;
/** It is slow, not wrong. */
const PATIENT = { maxWait: 60_000, timeout: 60_000 };

async function serve(task: Task): Promise<Taken> {
  const prisma = await openPrisma(task);
  const transport = connectBroker(readConfig(brokerSettings, task.brokerEnv));
  const [begunAt, cpu] = [performance.now(), process.cpuUsage()];
  if (task.service === 'bff') await placeAll(task, prisma, transport);
  else {
    const handlers = Object.entries(await handlersOf(task.service, task.gatewayUrl));
    await Promise.all([
      ...handlers.map(([topic, handle]) => consume({ task, prisma, transport }, topic, handle)),
      relay(prisma, transport, task.orders * outgoingOf(task.service)),
    ]);
  }
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - begunAt) / 1_000;
  await transport.close();
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

async function openPrisma({ service, databaseUrl }: Task): Promise<Db> {
  const { PrismaClient } = (await import(join(root, folderOf(service), 'dist/gen/prisma/client.js'))) as {
    PrismaClient: new (options: object) => Db;
  };
  const settings = { DATABASE_URL: databaseUrl, DATABASE_POOL: 10, DATABASE_LOCK_TIMEOUT_MS: 10_000 };
  return new PrismaClient({ adapter: postgresAdapter(settings) });
}

async function placeAll({ orders }: Task, prisma: Db, transport: Transport): Promise<void> {
  const waiting = samples(orders);
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await placeOrder(prisma, next);
        await publish(transport, next.messages[0] as TransportMessage);
      }
    }),
  );
}

interface Parts {
  readonly task: Task;
  readonly prisma: Db;
  readonly transport: Transport;
}

async function consume({ task, prisma, transport }: Parts, topic: string, handler: Handler): Promise<void> {
  const { service, orders } = task;
  const contract = catalogue.contracts.find((one) => one.topic === topic);
  if (contract === undefined) throw new Error(`nobody declares ${topic}`);
  const subscription = await transport.subscribe({ topic, subscription: service, mode: 'durable', from: 'earliest' });
  const { signal } = new AbortController();
  for (let handled = 0; handled < orders;) {
    const [received] = await subscription.receive(1, RECEIVE_MS, signal);
    if (received === undefined) continue;
    const incoming = {
      envelope: readEnvelope(received, contract.type),
      body: decodeBody(contract.schema, received.payload),
    };
    await prisma.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO messaging.inbox (subscription, message_id, outcome)
        VALUES (${service}, ${incoming.envelope.id}::uuid, 'done')`;
      for (const message of await handler.handle(tx, incoming)) await enqueue(tx, message);
    }, PATIENT);
    for (const message of (await handler.afterwards?.(prisma, incoming)) ?? []) await enqueue(prisma, message);
    await subscription.acknowledge([received]);
    handled += 1;
  }
  await subscription.close();
}

async function enqueue(tx: Db, { topic, key, properties, payload }: TransportMessage): Promise<void> {
  await tx.$executeRaw`INSERT INTO messaging.outbox (topic, key, properties, payload)
    VALUES (${topic}, ${key}, ${JSON.stringify(properties)}::json, ${Buffer.from(payload)})`;
}

interface OutboxRow extends TransportMessage {
  readonly id: bigint;
}

async function relay(prisma: Db, transport: Transport, count: number): Promise<void> {
  for (let published = 0; published < count;) {
    const [row] = await prisma.$queryRaw<OutboxRow[]>`SELECT * FROM messaging.outbox ORDER BY id LIMIT 1`;
    if (row === undefined) {
      await delay(IDLE_MS);
      continue;
    }
    await publish(transport, row);
    await prisma.$executeRaw`DELETE FROM messaging.outbox WHERE id = ${row.id}`;
    published += 1;
  }
}

async function publish(transport: Transport, message: TransportMessage): Promise<void> {
  const [failure] = await transport.publish([message]);
  if (failure !== undefined) throw failure;
}

answerTask(serve);
