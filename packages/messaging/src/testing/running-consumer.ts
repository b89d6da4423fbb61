import { AlpesError } from '../errors.js';
import type { ReceivedMessage, Subscription } from '../subscriber.js';
import { eventually } from './eventually.js';
import type { Seen } from './worker-protocol.js';

/** A consumer that receives and acknowledges until it is stopped. */
export interface RunningConsumer {
  /** What it received, in its order. */
  readonly seen: readonly Seen[];
  /** Finishes and leaves the subscription; rejects with what went wrong, unless the broker was only away. */
  stop(): Promise<void>;
}

/** Starts one; what several see in all can be written to one `journal`, each message before it is acknowledged. */
export function consume(subscription: Subscription, journal: Seen[] = []): RunningConsumer {
  const seen: Seen[] = [];
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const messages = await orNothing(subscription.receive(50, 200, stopping.signal));
      if (messages.length === 0) continue;
      seen.push(...messages.map(look));
      journal.push(...messages.map(look));
      await orNothing(subscription.acknowledge(messages).then(() => []));
    }
    await subscription.close();
  };
  const running = run();
  // Told by `stop`, not before.
  running.catch(() => {});
  return {
    seen,
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

function look({ key, position, payload }: ReceivedMessage): Seen {
  return { key, position, text: Buffer.from(payload).toString() };
}

async function orNothing(work: Promise<readonly ReceivedMessage[]>): Promise<readonly ReceivedMessage[]> {
  try {
    return await work;
  } catch (thrown) {
    if (AlpesError.from(thrown).code !== 'unavailable') throw thrown;
    // Not at once again: the broker comes back no sooner for that.
    return new Promise((resolve) => setTimeout(resolve, 20, []));
  }
}

/**
 * Where the order of a key was broken, or a message left out: the numbers of each key, as `numbered` gives them, have to
 * be seen first one by one, from 0.
 */
export function orderBreaks(seen: readonly Seen[]): string[] {
  const next = new Map<string, number>();
  return firsts(seen).flatMap(({ key, text }) => {
    const due = `${key} ${next.get(key) ?? 0}`;
    next.set(key, (next.get(key) ?? 0) + 1);
    return text === due ? [] : [`"${text}" where "${due}" was due`];
  });
}

function firsts(seen: readonly Seen[]): Seen[] {
  const known = new Set<string>();
  return seen.filter(({ text }) => !known.has(text) && known.add(text));
}

/**
 * Publishes round by round until all consumers take part and every message of a round goes to exactly one of them: then
 * the shares are settled. `publish` publishes a round and returns its texts.
 */
export async function untilSettled(
  consumers: readonly { readonly seen: readonly Seen[] }[],
  publish: () => Promise<readonly string[]>,
  timeoutMs: number,
): Promise<void> {
  const isSettled = async (): Promise<boolean> => {
    const round = new Set(await publish());
    const seenOf = () => consumers.map(({ seen }) => seen.filter(({ text }) => round.has(text)).length);
    const total = () => seenOf().reduce((sum, count) => sum + count, 0);
    await eventually(() => total() >= round.size, { timeoutMs, what: 'a round of messages is received' });
    return total() === round.size && seenOf().every((count) => count > 0);
  };
  await eventually(isSettled, { timeoutMs, what: 'all consumers have their share' });
}
