import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { followLines } from './load.js';

/** What happened in one second. */
export interface Sample {
  /** Orders that the client was told are accepted. */
  accepted: number;
  /** Orders that the report shows at their end. */
  finished: number;
  /** Orders that were accepted and are not finished, at the end of the second. */
  open: number;
  /** Longest time in ms from accepted to finished, of those that finished. */
  slowest: number;
}

/** Follows every order from the client's side to the report's. */
export interface Tracker {
  /** One for each second since the beginning. */
  readonly samples: readonly Sample[];
  /** Times in ms from accepted to finished, as far apart as the looks are. */
  readonly latencies: readonly number[];
  /** In ms since the beginning. */
  now(): number;
  /** Whether every order that was accepted until then is finished, and one that was accepted later too. */
  isThrough(since: number): boolean;
  stop(): Promise<void>;
}

const LOOK_MS = 200;
/** Orders that are asked for at once. */
const MOST_ASKED = 2_000;
/** A look that hangs, on a server that stands still, is given up after so many ms. */
const ANSWER_MS = 2_000;

const FINISHED = `
  SELECT id::text AS id FROM order_reports
  WHERE id = ANY ($1::uuid[]) AND status <> 'PENDING' AND transaction_state IS NOT NULL`;

/** Begins at once. `reportUrl` is the database of reporting, by the straight way. */
export function startTracker(ledger: string, reportUrl: string): Tracker {
  const begunAt = performance.now();
  const now = (): number => performance.now() - begunAt;
  const book = createBook(now);
  const readLedger = followLines(ledger);
  const asking = createAsking(reportUrl);
  const stopping = new AbortController();
  const work = (async () => {
    while (!stopping.signal.aborted) {
      book.accept(readLedger());
      book.finish(await asking.finishedOf(book.oldest(MOST_ASKED)));
      await delay(LOOK_MS);
    }
  })();
  return {
    ...{ samples: book.samples, latencies: book.latencies, now, isThrough: book.isThrough },
    stop: async () => {
      stopping.abort();
      await work;
      await asking.close();
    },
  };
}

function createBook(now: () => number) {
  /** When each order that is not finished was accepted. A map keeps the order in which they came. */
  const open = new Map<string, number>();
  const samples: Sample[] = [];
  const latencies: number[] = [];
  let lastThrough = -1;
  const current = (): Sample => {
    const second = Math.floor(now() / 1_000);
    while (samples.length <= second) samples.push({ accepted: 0, finished: 0, open: open.size, slowest: 0 });
    return samples[second] as Sample;
  };
  const close = (id: string, sample: Sample): void => {
    const acceptedAt = open.get(id);
    if (acceptedAt === undefined) return;
    open.delete(id);
    lastThrough = Math.max(lastThrough, acceptedAt);
    latencies.push(now() - acceptedAt);
    sample.finished += 1;
    sample.slowest = Math.max(sample.slowest, now() - acceptedAt);
  };
  return {
    ...{ samples, latencies },
    accept: (ids: readonly string[]) => {
      for (const id of ids) open.set(id, now());
      current().accepted += ids.length;
    },
    finish: (ids: readonly string[]) => {
      const sample = current();
      for (const id of ids) close(id, sample);
      sample.open = open.size;
    },
    oldest: (most: number) => [...open.keys()].slice(0, most),
    isThrough: (since: number) => lastThrough > since && (open.values().next().value ?? Infinity) > since,
  };
}

/** Asks by a connection of its own, which is made again whenever it is lost; whoever can't be asked knows of nothing. */
function createAsking(url: string) {
  let client: Client | undefined;
  const connect = async (): Promise<Client> => {
    const fresh = new Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS });
    fresh.on('error', () => (client = undefined));
    await fresh.connect();
    return (client = fresh);
  };
  const close = async (): Promise<void> => {
    const last = client;
    client = undefined;
    await last?.end().catch(() => {});
  };
  return {
    close,
    finishedOf: async (ids: readonly string[]): Promise<string[]> => {
      if (ids.length === 0) return [];
      try {
        const { rows } = await (client ?? (await connect())).query<{ id: string }>(FINISHED, [ids]);
        return rows.map(({ id }) => id);
      } catch {
        await close();
        return [];
      }
    },
  };
}
