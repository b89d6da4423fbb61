import type { Replay, Replayed, ReplayedDeath, Transport } from '@alpes/messaging';
import type { ReadModel } from '@alpes/service-kit';
import { type Database, openDatabase } from '../reconcile/database.js';
import { compareTables, type Frozen, freezeTable, type TableVerdict } from './compare.js';
import { compareDead, type Dead } from './dead.js';
import { unlessInterrupted } from '../interrupt.js';
import { untilHandled } from './live.js';
import { type Compared, shapeOf } from './tables.js';
import { collectSubjects } from './touched.js';

/** How the two databases compare. */
export interface Verdict {
  readonly tables: readonly TableVerdict[];
  /** What was not compared, in words. */
  readonly notCompared: readonly string[];
  /** Subjects of which messages were published after that, so that the live one may have had more of them. */
  readonly leftOut: number;
  readonly dead: Dead;
}

export interface VerdictOptions {
  readonly service: string;
  readonly model: Pick<ReadModel<never, never>, 'tables'>;
  readonly transport: Transport;
  readonly urls: { readonly live: string; readonly rebuilt: string };
  readonly replay: Pick<Replay<never>, 'catchUp'>;
  /** What the rebuilt one has. */
  readonly done: Replayed;
  readonly deaths: readonly ReplayedDeath[];
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly onWait: (behind: readonly string[]) => void;
}

type Opening = (side: 'live' | 'rebuilt') => Promise<Database>;

/**
 * Compares what was made of the same messages. The rebuilt tables are frozen first; then the live ones, once the live
 * service has got as far. Meanwhile that goes on: so what is published up to then is read, and whatever those messages are
 * about is left out. Resolves to what the live service has not handled in time, if that is so.
 */
export async function judge(options: VerdictOptions): Promise<Verdict | readonly string[]> {
  const { service, urls } = options;
  const opened: Database[] = [];
  const open: Opening = async (side) => {
    const name = side === 'live' ? service : `the rebuilt ${service}`;
    const database = await openDatabase(name, urls[side]);
    opened.push(database);
    return database;
  };
  try {
    return await unlessInterrupted(compare(options, open), options.signal);
  } finally {
    await Promise.allSettled(opened.map((database) => database.close()));
  }
}

async function compare(options: VerdictOptions, open: Opening): Promise<Verdict | readonly string[]> {
  const { service, model, replay, deaths } = options;
  const [live, rebuilt] = [await open('live'), await open('rebuilt')];
  const { compared, oneSided } = await shapeOf(live, rebuilt, model.tables);
  const made = await freezeAll(compared, () => open('rebuilt'));
  const behind = await untilHandled(options);
  if (behind.length > 0) return behind;
  const dead = await compareDead(service, { live, rebuilt }, deaths);
  const there = await freezeAll(compared, () => open('live'));
  const later = collectSubjects();
  await replay.catchUp(later.add);
  const tables: TableVerdict[] = [];
  for (const [index, table] of compared.entries()) {
    const [one, other] = [there[index], made[index]];
    if (one === undefined || other === undefined) continue;
    const sides = { live: one, rebuilt: other };
    tables.push(await compareTables(table, sides, (subject) => later.subjects.has(subject)));
  }
  const written = Object.entries(model.tables).flatMap(([table, { leftOut }]) =>
    leftOut.map((column) => `${table}.${column}, which says when a row was written`),
  );
  return { tables, notCompared: [...written, ...oneSided], leftOut: later.subjects.size, dead };
}

async function freezeAll(compared: readonly Compared[], open: () => Promise<Database>): Promise<Frozen[]> {
  const frozen: Frozen[] = [];
  for (const table of compared) frozen.push(await freezeTable(await open(), table));
  return frozen;
}

/** What came out: `nothing` where there was not one row that could be compared, so that nobody knows. */
export type Result = 'same' | 'different' | 'nothing';

export function resultOf({ tables, leftOut }: Pick<Verdict, 'tables' | 'leftOut'>): Result {
  if (tables.some(({ different }) => different > 0)) return 'different';
  if (tables.some(({ rows }) => rows.live > 0)) return 'same';
  // Without anything in either of them they are the same.
  return tables.length > 0 && leftOut === 0 ? 'same' : 'nothing';
}
