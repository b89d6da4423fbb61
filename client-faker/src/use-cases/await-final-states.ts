import { type Bff, PENDING } from '../domain/bff.js';
import type { Time } from '../domain/time.js';
import { createSlots } from './slots.js';

interface Parts {
  readonly bff: Pick<Bff, 'readStatus'>;
  readonly time: Time;
  readonly concurrency: number;
  readonly onProgress: (final: number) => void;
  readonly signal: AbortSignal;
}

/** Between two rounds over the orders that are not final yet. */
const ROUND_MS = 250;

/** What `readStatus` says of an order that it can read. */
const isState = (status: string): boolean => /^[A-Z_]+$/.test(status);

/** Asks for the orders until each is in a state to stay, or the time is over; how many are in which state then. */
export function awaitFinalStates({ bff, time, concurrency, onProgress, signal }: Parts) {
  return async (ids: readonly string[], waitMs: number): Promise<ReadonlyMap<string, number>> => {
    const deadline = time.now() + waitMs;
    const states = new Map<string, string>(ids.map((id) => [id, PENDING]));
    let open = [...ids];
    let final = 0;
    const isOver = (): boolean => signal.aborted || time.now() >= deadline;
    while (open.length > 0 && !isOver()) {
      await readAll(open, concurrency, isOver, async (id) => {
        const status = await bff.readStatus(id);
        states.set(id, status);
        if (isFinal(status)) onProgress((final += 1));
      });
      open = open.filter((id) => !isFinal(states.get(id) ?? PENDING));
      if (open.length > 0) await time.pause(Math.min(ROUND_MS, Math.max(0, deadline - time.now())), signal);
    }
    return countBy(states.values());
  };
}

function isFinal(status: string): boolean {
  return isState(status) && status !== PENDING;
}

async function readAll(
  ids: readonly string[],
  concurrency: number,
  isOver: () => boolean,
  read: (id: string) => Promise<void>,
): Promise<void> {
  const slots = createSlots(concurrency);
  const reads = ids.map(async (id) => {
    await slots.acquire();
    if (!isOver()) await read(id);
    slots.release();
  });
  await Promise.all(reads);
}

function countBy(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
