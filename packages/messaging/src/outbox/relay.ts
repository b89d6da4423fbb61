import { v4 as uuidv4 } from 'uuid';
import { type Backoff, delayAfter, pause } from '../backoff.js';
import { passCrashPoint } from '../crash-points.js';
import { AlpesError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Publisher } from '../publisher.js';
import { isWholeBatch } from '../size-limit.js';
import { createSweep, type Sweep } from '../sweep.js';
import { createWake } from '../wake.js';
import { createRestingTopics, type RestingTopics } from './resting-topics.js';
import type { OutboxStore } from './store.js';

export interface RelayOptions {
  readonly store: Pick<OutboxStore<never>, 'peek' | 'remove' | 'acquireLease' | 'releaseLease'>;
  readonly publisher: Publisher;
  /** How long in ms the right to relay outlives an owner that stands still. */
  readonly leaseMs: number;
  /** How long in ms a commit waits at most whose notification was lost. */
  readonly pollMs: number;
  /** Most rows that are published together; of large ones fewer make a batch. */
  readonly batchSize: number;
  readonly backoff: Backoff;
  readonly logger: Logger;
  /** Called with the number of messages that the broker has confirmed. */
  readonly onPublished: (count: number) => void;
  /** Called when a commit of this process waits for the relay of another: tells that one. */
  readonly onForeignWork: () => void;
}

/** Moves what waits in an outbox to the broker. Of all the relays of one outbox a single one works at a time. */
export interface Relay {
  /** Says that rows were committed, in this process (`local`) or in another. */
  wake(from: 'local' | 'remote'): void;
  /** Whether this relay is the one that works. */
  isActive(): boolean;
  /**
   * Publishes what waits, unless another relay does, for at most {@link FLUSH_MS} and only while that works, and gives
   * the lease back.
   */
  stop(): Promise<void>;
}

/**
 * Reads the visible rows in the order of their ids, publishes them and deletes what was confirmed. No row is behind it: an
 * id becomes visible at its commit, not in its order, so a row behind a "last id" may yet appear before it. Where a look
 * begins is only a saving, as {@link createSweep} says: whatever a look shows, it shows nothing of a key without what is
 * older of it, and a look from the beginning is never long in coming. A relay that froze and wakes publishes its batch
 * again: still in order, and known to every inbox.
 */
export function startRelay(options: RelayOptions): Relay {
  const { store, leaseMs, pollMs, backoff, logger, onForeignWork } = options;
  const owner = uuidv4();
  const stopping = new AbortController();
  const wake = createWake();
  const lease = leaseKeeper(() => store.acquireLease(owner, leaseMs), leaseMs);
  const state = { resting: createRestingTopics(backoff, logger), sweep: createSweep<bigint>(), leftOut: 0 };

  const cycle = async (): Promise<void> => {
    const idleMs = Math.min(pollMs, leaseMs / 3);
    if (!(await lease.hold())) return wake.wait(idleMs, stopping.signal);
    if ((await moveBatch(options, state)).mayBeMore) return;
    const now = performance.now();
    await wake.wait(Math.max(0, Math.min(idleMs, state.resting.nextDueAt(now) - now)), stopping.signal);
  };

  const run = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted;) {
      try {
        await cycle();
        if (failures > 0) logger.info({ failures }, 'outbox relay: works again');
        failures = 0;
      } catch (thrown) {
        failures += 1;
        state.sweep.restart();
        if (failures === 1)
          logger.warn({ err: AlpesError.from(thrown) }, 'outbox relay: failed, trying until it works');
        await pause(delayAfter(failures, backoff), stopping.signal);
      }
    }
    await flush(options, lease.hold, state).catch(() => {});
    await store.releaseLease(owner).catch(() => {});
  };

  const running = run();
  return {
    wake: (from) => {
      if (from === 'local' && !lease.isHeld()) onForeignWork();
      wake.wake();
    },
    isActive: lease.isHeld,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** How long in ms a relay that stops goes on publishing. What is left waits for the next relay. */
const FLUSH_MS = 3_000;

async function flush(options: RelayOptions, hold: () => Promise<boolean>, state: RelayState): Promise<void> {
  const deadline = performance.now() + FLUSH_MS;
  state.sweep.restart();
  while (performance.now() < deadline && (await hold()) && (await moveBatch(options, state)).found > 0);
}

/** Renews a lease when a third of it has passed, and knows by a steady clock when it may be over. */
function leaseKeeper(acquire: () => Promise<boolean>, leaseMs: number) {
  let acquiredAt = Number.NEGATIVE_INFINITY;
  const isHeld = (): boolean => performance.now() - acquiredAt < leaseMs;
  return {
    isHeld,
    hold: async (): Promise<boolean> => {
      const now = performance.now();
      if (now - acquiredAt < leaseMs / 3) return true;
      const acquired = await acquire();
      acquiredAt = acquired ? now : Number.NEGATIVE_INFINITY;
      return acquired;
    },
  };
}

interface RelayState {
  readonly resting: RestingTopics;
  readonly sweep: Sweep<bigint>;
  /** How many topics rested at the latest look. */
  leftOut: number;
}

/** How many rows a look has found; and whether a look would find others at once, or the same again. */
interface Moved {
  readonly found: number;
  readonly mayBeMore: boolean;
}

/** Publishes the oldest rows of the topics that do not rest. */
async function moveBatch(options: RelayOptions, state: RelayState): Promise<Moved> {
  const { store, publisher, batchSize, onPublished } = options;
  const { resting, sweep } = state;
  const except = resting.names(performance.now());
  // What a topic that has rested left behind is to be found at once.
  if (except.length < state.leftOut) sweep.restart();
  state.leftOut = except.length;
  const rows = await store.peek(batchSize, except, sweep.begin(performance.now())?.toString());
  const last = rows.at(-1);
  const messages = rows.map(({ message }) => message);
  const isWhole = isWholeBatch(messages, batchSize);
  sweep.end(performance.now(), last && BigInt(last.id), isWhole);
  if (rows.length === 0) return { found: 0, mayBeMore: false };
  const results = await publisher.publish(messages);
  const outcomes = new Map<string, Error | undefined>();
  rows.forEach(({ message }, index) => outcomes.set(message.topic, outcomes.get(message.topic) ?? results[index]));
  resting.note(outcomes, performance.now());
  const confirmed = rows.filter((_, index) => results[index] === undefined).map((row) => row.id);
  if (confirmed.length < rows.length) sweep.restart();
  if (confirmed.length > 0) {
    passCrashPoint('published');
    await store.remove(confirmed);
    passCrashPoint('deleted');
  }
  onPublished(confirmed.length);
  return { found: rows.length, mayBeMore: isWhole || confirmed.length < rows.length };
}
