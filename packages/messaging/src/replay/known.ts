import type { ReceivedMessage } from '../subscriber.js';

/** Tells what was read in an earlier stretch from what is new, though a topic be read from its beginning again. */
export interface Known {
  /** Whether a message is; to be asked of each in the order of its partition. */
  has(message: Pick<ReceivedMessage, 'partition' | 'position'>): boolean;
  /** All is known that was read until now: up to these positions, one for each partition by its number. */
  upTo(ends: readonly (string | undefined)[]): void;
  /** The next message of each partition is its first one. */
  rewind(): void;
}

export function createKnown(): Known {
  let last: readonly (string | undefined)[] = [];
  /** Partitions that are read as far as is known: positions can't be compared but for being the same. */
  const passed = new Set<number>();
  return {
    has: ({ partition, position }) => {
      const end = last[partition];
      if (end === undefined || passed.has(partition)) return false;
      if (position === end) passed.add(partition);
      return true;
    },
    upTo: (ends) => {
      last = ends;
      for (const partition of ends.keys()) passed.add(partition);
    },
    rewind: () => passed.clear(),
  };
}
