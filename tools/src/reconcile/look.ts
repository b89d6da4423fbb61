import { type Contract, type Transport } from '@alpes/messaging';
import type { Database } from './database.js';
import { finding } from './findings.js';
import type { Look, Remainder } from './quiet.js';
import type { services } from './sources.js';

type Service = (typeof services)[number];

/** What is asked. */
export interface Witnesses {
  readonly databases: Readonly<Record<Service, Database>>;
  readonly transport: Transport;
  readonly contracts: readonly Contract[];
}

/**
 * Looks for work that is not done: in outboxes, in the backlogs of subscriptions, in payment's work list. Outboxes come
 * after what fills them and before the topics that they empty into, so that no message slips past between two of these.
 */
export async function lookAround({ databases, transport, contracts }: Witnesses): Promise<Look> {
  const ends = async (): Promise<string> =>
    (await Promise.all(contracts.map(({ topic }) => transport.endPositions(topic)))).join();
  const began = await ends();
  const pending = await lookAtWorkList(databases.payment);
  const backlogs = await lookAtBacklogs(transport, contracts);
  const outboxes = await Promise.all(
    Object.entries(databases).map(([service, database]) => lookAtOutbox(service, database)),
  );
  return { remains: [...outboxes.flat(), ...backlogs, ...pending], began, ended: await ends() };
}

interface OutboxRow {
  readonly topic: string;
  readonly count: string;
  readonly since: Date;
}

const OUTBOX = `
  SELECT topic, count(*)::text AS count, min(created_at) AS since FROM messaging.outbox GROUP BY topic ORDER BY topic`;

async function lookAtOutbox(service: string, database: Database): Promise<Remainder[]> {
  const rows = await database.query<OutboxRow>(OUTBOX);
  return rows.map(({ topic, count, since }) => {
    const explanation = `In the outbox of ${service} wait messages for ${topic}: ${count}, the oldest since ${since.toISOString()}.`;
    return { text: `outbox of ${service}: ${count}`, finding: finding('outbox-stuck', explanation) };
  });
}

async function lookAtBacklogs(transport: Transport, contracts: readonly Contract[]): Promise<Remainder[]> {
  const subscriptions = contracts.flatMap(({ topic, consumers }) => consumers.map((consumer) => ({ topic, consumer })));
  const backlogs = await Promise.all(
    subscriptions.map(async ({ topic, consumer }) => ({
      ...{ topic, consumer, count: await transport.backlog(topic, consumer) },
    })),
  );
  return backlogs
    .filter(({ count }) => count > 0)
    .map(({ topic, consumer, count }) => ({
      text: `${consumer} from ${topic}: ${count}`,
      finding: finding('backlog-stuck', `On ${topic} wait messages for ${consumer}: ${count}.`),
    }));
}

async function lookAtWorkList(payment: Database): Promise<Remainder[]> {
  const sql = `SELECT count(*)::text AS count FROM transactions WHERE state = 'PENDING'`;
  const [row] = await payment.query<{ count: string }>(sql);
  return row === undefined || row.count === '0' ? [] : [{ text: `payments to be made: ${row.count}` }];
}
