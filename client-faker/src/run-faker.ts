import { type Arguments, readArguments, USAGE, WrongArguments } from './adapters/arguments.js';
import { bffClient, reasonOf } from './adapters/bff-client.js';
import { findSystem } from './adapters/find-system.js';
import { type Ledger, openLedger } from './adapters/ledger.js';
import { showProgress } from './adapters/progress.js';
import { realTime as time } from './adapters/real-time.js';
import { formatSummary } from './adapters/summary.js';
import type { Bff } from './domain/bff.js';
import { randomOrders } from './domain/random-orders.js';
import { perSecond } from './domain/rate.js';
import { count, createTally, failedOf, type Tally } from './domain/tally.js';
import { awaitFinalStates } from './use-cases/await-final-states.js';
import { placeOrder } from './use-cases/place-order.js';
import { placeOrders } from './use-cases/place-orders.js';

/** What a command line program has around it. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** For the result. */
  readonly stdout: NodeJS.WritableStream;
  /** For progress and complaints. */
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by Ctrl-C: what was done so far is summed up. */
  readonly signal: AbortSignal;
}

/** Most orders that are asked for at once. */
const READERS = 32;
/** What shells say of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** The program behind `npm run faker`; returns its exit code. */
export async function runFaker(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    const options = readArguments(args);
    if (options !== undefined) return await run(options, around);
    around.stdout.write(USAGE);
    return 0;
  } catch (thrown) {
    if (thrown instanceof WrongArguments) {
      around.stderr.write(`${thrown.message}\n\n${USAGE}`);
      return 2;
    }
    if (!(thrown instanceof CannotRun)) throw thrown;
    around.stderr.write(`${thrown.message}\n`);
    return 1;
  }
}

/** Something that a person has to put right first; its message says what. */
class CannotRun extends Error {}

async function run(options: Arguments, { env, stdout, stderr, signal }: Surroundings): Promise<number> {
  const bff = await connect(findSystem(options.url, env));
  const ledger = options.ledger === undefined ? undefined : open(options.ledger);
  stderr.write(`${options.orders} orders to ${bff.url}, seed ${options.seed}, run ${options.run}\n`);
  const tally = await place(options, bff, ledger, stderr, signal).finally(() => ledger?.close());
  const look = !signal.aborted && options.waitMs > 0;
  const states = look ? await settle(tally, options, bff, stderr, signal) : undefined;
  stdout.write(formatSummary({ tally, rate: options.rate, states }));
  if (signal.aborted) return INTERRUPTED;
  return failedOf(tally) > 0 ? 1 : 0;
}

async function connect(url: string): Promise<Bff & { readonly url: string }> {
  const bff = bffClient(url);
  try {
    await bff.check();
  } catch (cause) {
    const advice = 'Start one with `npm start`, or say where it is with --url, PORT or DATA_DIR.';
    throw new CannotRun(`No system answers at ${url}: ${reasonOf(cause)}.\n${advice}`, { cause });
  }
  return { ...bff, url };
}

function open(file: string): Ledger {
  try {
    return openLedger(file);
  } catch (cause) {
    throw new CannotRun(`The ledger can't be written: ${reasonOf(cause)}`, { cause });
  }
}

async function place(
  { orders, rate, seed, run, concurrency, patienceMs }: Arguments,
  bff: Bff,
  ledger: Ledger | undefined,
  out: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<Tally> {
  const tally = createTally();
  const progress = showProgress('placed', orders, out);
  const placing = placeOrders({
    ...{ time, signal, place: placeOrder({ bff, time, patienceMs, signal }) },
    onOutcome: (outcome, times) => {
      if (outcome.kind === 'accepted') ledger?.add(outcome.id);
      count(tally, outcome, times);
      const failed = failedOf(tally);
      progress.update(tally.accepted.length + failed, failed === 0 ? '' : `${failed} failed`);
    },
  });
  try {
    await placing({
      ...{ count: orders, perSecond: perSecond(rate), concurrency, orderAt: randomOrders(seed) },
      keyAt: (index) => `faker-${seed}-${run}-${index}`,
    });
  } finally {
    progress.stop();
  }
  return tally;
}

async function settle(
  { accepted }: Tally,
  { waitMs }: Arguments,
  bff: Bff,
  out: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const progress = showProgress('final', accepted.length, out);
  const onProgress = (final: number): void => {
    progress.update(final, '');
  };
  try {
    return await awaitFinalStates({ bff, time, signal, concurrency: READERS, onProgress })(accepted, waitMs);
  } finally {
    progress.stop();
  }
}
