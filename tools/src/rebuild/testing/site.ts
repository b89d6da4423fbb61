import { catalogue } from '@alpes/contracts';
import { connectTransport, type Transport, type TransportMessage, type TransportSettings } from '@alpes/messaging';
import { createTestDatabase, eventually } from '@alpes/messaging/testing';
import { randomBytes } from 'node:crypto';
import { queryOnce } from '../../postgres/with-client.js';
import type { Scalable } from '../../start/system.js';
import { startService } from '../../topics/testing/service-process.js';
import { type Ended, type RunningRebuild, startRebuild } from './run-rebuild.js';

const PATIENCE = { timeoutMs: 120_000, intervalMs: 100 };

/** A live service, its database and its broker, and the command beside it. */
export interface Site {
  readonly transport: Transport;
  readonly liveUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** A name for a database, which is removed in the end if it came to be. */
  newName(): string;
  /** Runs the command for this service. */
  run(...args: string[]): Promise<Ended>;
  start(...args: string[]): RunningRebuild;
  publish(messages: readonly TransportMessage[]): Promise<void>;
  /** Waits until the live service has acknowledged everything. */
  handled(): Promise<void>;
  /** Runs a statement in the live database, or in the one of this name. */
  sql<Row extends object>(statement: string, database?: string): Promise<Row[]>;
  stopService(): Promise<void>;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly service: Scalable;
  readonly brokerUrl: string;
  readonly settings?: Partial<TransportSettings>;
  /** What the processes are told beside. */
  readonly env?: Readonly<Record<string, string>>;
}

const variableOf = (service: string): string => `DATABASE_URL_${service.toUpperCase().replace('-', '_')}`;

/** Declares the topics of a service, and starts it. */
export async function openSite({ service, brokerUrl, settings = {}, env: more = {} }: SiteOptions): Promise<Site> {
  const live = await createTestDatabase();
  const transport = connectTransport(brokerUrl, { partitions: 2, pollMs: 100, ...settings });
  const contracts = catalogue.contracts.filter(({ consumers }) => consumers.includes(service));
  await transport.declare([
    ...contracts.map(({ topic }) => ({ topic, subscriptions: [service] })),
    ...contracts.map(({ topic }) => ({ topic: `${topic}-${service}-DLQ`, subscriptions: [], partitions: 1 })),
  ]);
  const common = {
    BROKER_URL: brokerUrl,
    BROKER_PARTITIONS: '2',
    BROKER_POLL_MS: '100',
    RETRY_FIRST_MS: '10',
    ...more,
  };
  const running = await startService(service, live.url, common);
  const env = { ...common, [variableOf(service)]: live.url, DATA_DIR: '/nowhere' };
  const names: string[] = [];
  const stopService = once(async () => {
    await running.stop();
  });
  const start = (...args: string[]): RunningRebuild => startRebuild([service, ...args], env);
  return {
    ...{ transport, liveUrl: live.url, env, stopService, start },
    newName: () => {
      const name = `rebuilt_${randomBytes(6).toString('hex')}`;
      names.push(name);
      return name;
    },
    run: (...args) => start(...args).ended,
    publish: async (messages) => {
      for (const error of await transport.publish(messages)) if (error !== undefined) throw error;
    },
    handled: async () => {
      for (const { topic } of contracts) {
        const isEmpty = async () => (await transport.backlog(topic, service)) === 0;
        await eventually(isEmpty, { ...PATIENCE, what: `${service} has handled all of ${topic}` });
      }
    },
    sql: (statement, database) => query(live.url, statement, database),
    stopService,
    close: async () => {
      await stopService();
      await transport.close();
      for (const name of names) await query(live.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await live.drop();
    },
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

async function query<Row extends object>(liveUrl: string, statement: string, database?: string): Promise<Row[]> {
  const url = new URL(liveUrl);
  if (database !== undefined) url.pathname = `/${database}`;
  return queryOnce(url.href, statement);
}
