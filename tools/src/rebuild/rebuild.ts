import { catalogue } from '@alpes/contracts';
import {
  AlpesError,
  endsOfWhole,
  type Logger,
  outageLog,
  pause,
  type Replay,
  type Replayed,
  type ReplayedDeath,
  untilAvailable,
} from '@alpes/messaging';
import { connectBroker, readConfig, replayService, type ServiceSettings, serviceSettings } from '@alpes/service-kit';
import { openDatabase } from '../reconcile/database.js';
import type { Places } from '../reconcile/places.js';
import { migrateDatabase } from '../start/prepare.js';
import type { Scalable } from '../start/system.js';
import type { RebuildCommand, Target } from './arguments.js';
import { type Beside, besides } from './beside.js';
import { type Interrupts, unlessInterrupted } from '../interrupt.js';
import { type AnyReadModel, loadReadModel } from './read-models.js';
import { judge, type Verdict } from './verdict.js';

export interface RebuildOptions {
  readonly service: Scalable;
  readonly command: RebuildCommand;
  readonly places: Places<Scalable>;
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interrupts: Interrupts;
  /** Told of what goes on, for a person. */
  readonly tell: (text: string) => void;
  /** Told of what came out, before it follows. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/** What came of a rebuild. */
export interface Outcome {
  readonly service: Scalable;
  /** The name of the database that was filled. */
  readonly database: string;
  readonly topics: Replayed;
  readonly messages: number;
  /** What the messages are about. */
  readonly subjects: number;
  readonly seconds: number;
  /** How the two compare; or what the live service had not handled in time. */
  readonly verdict: Verdict | { readonly behind: readonly string[] };
}

/** Fills an empty database from the topics and compares it with the live one, of which it only reads. */
export async function rebuild(options: RebuildOptions): Promise<Outcome> {
  const { service, command, places, dataDir } = options;
  const liveUrl = places.databases[service];
  const model = await loadReadModel(service);
  const transport = connectBroker(places.broker);
  const beside = besides(liveUrl, dataDir);
  try {
    const topics = catalogue.contracts.filter(({ consumers }) => consumers.includes(service)).map(({ topic }) => topic);
    await (await openDatabase(service, liveUrl)).close();
    await endsOfWhole(transport, topics);
    const url = await targetUrl(command.target, beside);
    try {
      return await fill({ ...options, url, model, transport });
    } finally {
      await leave(options, url, beside);
    }
  } finally {
    await transport.close();
  }
}

async function targetUrl(target: Target, beside: Beside): Promise<string> {
  if ('name' in target) return beside.create(target.name);
  const database = await openDatabase('--into', target.url);
  const tables = await database.query(
    `SELECT 1 FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') LIMIT 1`,
  );
  await database.close();
  if (tables.length > 0) throw new AlpesError('configuration', 'the database of --into is not empty: it has tables');
  return target.url;
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

/** Says what is left behind, or leaves nothing. */
async function leave({ command, service, tell }: RebuildOptions, url: string, beside: Beside): Promise<void> {
  const name = nameOf(url);
  if (command.drop) {
    await beside.drop(name);
    tell(`The database ${name} is dropped.`);
  } else if ('name' in command.target) {
    tell(`The database ${name} is there. To drop it: npm run rebuild -- ${service} --remove ${name}`);
  }
}

interface FillOptions extends RebuildOptions {
  readonly url: string;
  readonly model: AnyReadModel;
  readonly transport: ReturnType<typeof connectBroker>;
}

async function fill(options: FillOptions): Promise<Outcome> {
  const { service, command, url, model, transport, interrupts, tell, onOutcome } = options;
  await migrateDatabase(service, url);
  const deaths: ReplayedDeath[] = [];
  const replay = await replayService({
    ...{ name: service, model, transport, settings: settingsOf(options), logger: tellingOfOutages(tell) },
    onDeath: (death) => void deaths.push(death),
  });
  try {
    const startedAt = performance.now();
    const topics = await unlessInterrupted(replay.catchUp(tellingOfProgress(tell)), interrupts.stop);
    const seconds = (performance.now() - startedAt) / 1_000;
    const subjects = await countSubjects(options);
    const found = await judge({
      ...{ service, model, transport, replay, done: topics, deaths, waitMs: command.waitMs, signal: interrupts.stop },
      urls: { live: options.places.databases[service], rebuilt: url },
      onWait: nowAndThen((behind: readonly string[]) => tell(`Waiting for ${service}: ${behind.join('; ')} …`)),
    });
    const outcome = {
      ...{ service, database: nameOf(url), topics, seconds, subjects, messages: messagesIn(topics) },
      verdict: 'tables' in found ? found : { behind: found },
    };
    onOutcome(outcome);
    if (command.follow) await follow(options, replay);
    return outcome;
  } finally {
    await replay.stop();
  }
}

/** Those of the service, as its environment has them. */
function settingsOf({ env, places, url }: FillOptions): ServiceSettings {
  return readConfig(serviceSettings, { ...env, BROKER_URL: places.broker.BROKER_URL, DATABASE_URL: url });
}

const messagesIn = (topics: Replayed): number =>
  topics.flatMap(({ partitions }) => partitions).reduce((sum, { read }) => sum + read, 0);

async function countSubjects({ model, url }: FillOptions): Promise<number> {
  const columns = Object.entries(model.tables).map(([table, { subject }]) => `SELECT "${subject}" FROM "${table}"`);
  const database = await openDatabase('the rebuilt one', url);
  const sql = `SELECT count(DISTINCT id)::int AS count FROM (${columns.join(' UNION ALL ')}) AS subjects (id)`;
  const [row] = await database.query<{ count: number }>(sql);
  await database.close();
  return row?.count ?? 0;
}

const FOLLOW_MS = 1_000;

/** Goes on until it is told to end; then handles what there is, once more, and has everything. */
async function follow({ service, url, interrupts, tell }: FillOptions, replay: Pick<Replay<never>, 'catchUp'>) {
  const end = interrupts.untilEnd();
  const note = outageLog('the broker', tellingOfOutages(tell));
  const catchUp = () =>
    untilAvailable(() => replay.catchUp(), {
      ...{ backoff: { firstMs: 200, maxMs: 5_000 }, signal: interrupts.stop, note },
    });
  tell(`${nameOf(url)} follows what is published. Stop every process of ${service}; then press Ctrl-C here.`);
  while (!end.aborted) {
    await unlessInterrupted(catchUp(), interrupts.stop);
    await pause(FOLLOW_MS, end);
  }
  const done = await unlessInterrupted(catchUp(), interrupts.stop);
  const messages = messagesIn(done?.value ?? []).toLocaleString('en');
  tell(`${nameOf(url)} has all ${messages} messages that were published until now. Start ${service} with it.`);
}

/** How often one who waits is told of it, in ms. */
const TELL_MS = 5_000;

function nowAndThen<T>(tell: (value: T) => void): (value: T) => void {
  let nextAt = performance.now() + TELL_MS;
  return (value) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + TELL_MS;
    tell(value);
  };
}

function tellingOfProgress(tell: (text: string) => void): () => void {
  let count = 0;
  const told = nowAndThen(() => tell(`${count.toLocaleString('en')} messages …`));
  return () => {
    count += 1;
    told(undefined);
  };
}

/** Of all that a service logs only that it waits for something; what died is in the outcome. */
function tellingOfOutages(tell: (text: string) => void): Logger {
  const tellOutage = (fields: object, message: string): void => {
    const { err } = fields as { err?: unknown };
    if (err instanceof AlpesError && err.code === 'unavailable') tell(`${message}: ${err.message}`);
  };
  return { info: (_, message) => tell(message), warn: tellOutage, error: tellOutage };
}
