// The clients: they send orders whenever it is time, whatever became of those before.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { answerTask } from '../ask-program.js';
import { randomOrder } from './random-order.js';

/** What the clients are to do. */
export interface Task {
  /** Of the BFF. */
  readonly url: string;
  /** Orders per second. */
  readonly rate: number;
  readonly seconds: number;
}

/** What the clients saw. Times are in ms since 1970. */
export interface Sent {
  /** When the first one was due. */
  readonly begunAt: number;
  /** One for each order that was accepted. */
  readonly accepted: readonly Accepted[];
  /** How many were refused, by status, or got no answer, by its cause. */
  readonly refused: Readonly<Record<string, number>>;
}

export interface Accepted {
  readonly id: string;
  /** When its request was due: one that goes out late, or waits for a connection, has waited. */
  readonly dueAt: number;
  readonly answeredAt: number;
}

/** How many connections all clients have together: more than the BFF has requests under way, so that none waits for one here. */
const CONNECTIONS = 1_000;
/** The shortest sleep in ms until the next order is due. */
const TICK_MS = 2;
/** What has no answer after this time in ms has none. */
const ANSWER_MS = 30_000;

const now = (): number => performance.timeOrigin + performance.now();

async function send({ url, rate, seconds }: Task): Promise<Sent> {
  const pool = new Pool(url, { connections: CONNECTIONS, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS });
  const accepted: Accepted[] = [];
  const refused: Record<string, number> = {};
  const refuse = (why: string): void => void (refused[why] = (refused[why] ?? 0) + 1);

  const order = async (dueAt: number): Promise<void> => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    try {
      const options = { path: '/orders', method: 'POST', headers, body: JSON.stringify(randomOrder()) } as const;
      const { statusCode, body } = await pool.request(options);
      const answer = (await body.json()) as { id: string };
      if (statusCode === 202) accepted.push({ id: answer.id, dueAt, answeredAt: now() });
      else refuse(String(statusCode));
    } catch (error) {
      refuse((error as { code?: string }).code ?? String(error));
    }
  };

  await openAll(pool);
  const begunAt = now();
  const count = Math.round(rate * seconds);
  const underWay: Promise<void>[] = [];
  while (underWay.length < count) {
    const dueAt = begunAt + (underWay.length * 1_000) / rate;
    while (now() < dueAt) await delay(Math.max(TICK_MS, Math.ceil(dueAt - now())));
    underWay.push(order(dueAt));
  }
  await Promise.all(underWay);
  await pool.close();
  return { begunAt, accepted, refused };
}

/**
 * As a gateway in front of the BFF has its connections open: Node accepts one at each turn of its event loop, so a rush of new
 * ones would wait behind the orders that others send meanwhile. It does not matter what they are answered.
 */
async function openAll(pool: Pool): Promise<void> {
  const probe = async (): Promise<void> => (await pool.request({ path: '/health/live', method: 'GET' })).body.dump();
  await Promise.all(Array.from({ length: CONNECTIONS }, probe));
}

answerTask(send);
