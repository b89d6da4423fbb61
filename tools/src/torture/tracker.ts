import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { createBook, type Sample } from './book.js';
import { followLines } from './load.js';

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
