import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../../quantile.js';
import { askProgram } from '../ask-program.js';
import { used } from '../cpu.js';
import type { Accepted, Sent, Task } from './client.js';
import { finishTimes } from './finished.js';
import type { Site } from './site.js';
import { readMemory, readUsage, type Usage } from './usage.js';

/** What came of one rate of orders. */
export interface Trial {
  /** Orders per second that were offered, whatever became of them, and for how many seconds. */
  readonly rate: number;
  readonly seconds: number;
  /** Of the accepted ones, in the order of their answers; undefined where one did not finish in time. Times in ms. */
  readonly orders: readonly Followed[];
  /** Orders that were not accepted, by what was answered. */
  readonly refused: Sent['refused'];
  /** What all of it used, until the last order was finished. */
  readonly used: Usage;
  /** Resident memory in bytes after that, by process. */
  readonly memory: Readonly<Record<string, number>>;
}

/** Times in ms since the first order was due. */
export interface Followed {
  readonly id: string;
  readonly dueAt: number;
  readonly answeredAt: number;
  readonly finishedAt: number | undefined;
}

/** Times in ms. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** How long in ms the last orders may take, and how often somebody looks. */
const SETTLE_MS = 60_000;
const LOOK_MS = 250;

/** Has orders sent at a rate, and follows them to their end. */
export async function tryRate(site: Site, rate: number, seconds: number): Promise<Trial> {
  const before = await readUsage(site);
  const task: Task = { url: site.system.url, rate, seconds };
  const { begunAt, accepted, refused } = await askProgram<Sent>('system/client.js', task);
  const finished = await allFinished(site.postgres.urls.reporting, accepted);
  const usage = difference(before, await readUsage(site));
  const orders = accepted.map(({ id, dueAt, answeredAt }) => {
    const at = finished.get(id);
    return {
      ...{ id, dueAt: dueAt - begunAt, answeredAt: answeredAt - begunAt },
      finishedAt: at === undefined ? undefined : at - begunAt,
    };
  });
  return { rate, seconds, orders, refused, used: usage, memory: readMemory(site) };
}

/** Orders per second of which something happened (`at`) while they were sent; its beginning, when little was under way, is left out. */
export function perSecond({ orders, seconds }: Trial, at: (order: Followed) => number | undefined): number {
  const from = (1_000 * seconds) / 4;
  const inTime = orders.filter((order) => (at(order) ?? -1) >= from && (at(order) ?? Infinity) < 1_000 * seconds);
  return inTime.length / (seconds - from / 1_000);
}

/** From when an order was due until it was answered. */
export const acceptTimes = ({ orders }: Trial): Quantiles =>
  quantiles(orders.map(({ dueAt, answeredAt }) => answeredAt - dueAt));

/** From the answer to the report; infinite for one that did not finish. A report may be there before the answer is. */
export const finishingTimes = ({ orders }: Trial): Quantiles =>
  quantiles(orders.map(({ answeredAt, finishedAt = Infinity }) => Math.max(0, finishedAt - answeredAt)));

/** NaN of none. */
export function quantiles(times: readonly number[]): Quantiles {
  const at = (share: number): number => quantile(times, share) ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Waits for the last ones, as long as it makes sense. */
async function allFinished(url: string, accepted: readonly Accepted[]): Promise<ReadonlyMap<string, number>> {
  const all = new Map<string, number>();
  let open = accepted.map(({ id }) => id);
  for (const deadline = performance.now() + SETTLE_MS; open.length > 0; await delay(LOOK_MS)) {
    for (const [id, at] of await finishTimes(url, open)) all.set(id, at);
    open = open.filter((id) => !all.has(id));
    if (performance.now() > deadline) break;
  }
  return all;
}

function difference(before: Usage, after: Usage): Usage {
  return {
    cpu: used(before.cpu, after.cpu),
    statements: after.statements - before.statements,
    commits: after.commits - before.commits,
    messages: after.messages - before.messages,
  };
}
