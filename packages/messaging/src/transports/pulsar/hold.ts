import type { ReceivedMessage } from '../../subscriber.js';
import { type Arrivals, createArrivals } from './arrivals.js';

/** What a consumer of one partition was given and has not acknowledged. */
export interface Hold<Id> {
  /** What of it waits to be received. */
  readonly arrived: Arrivals;
  /** Takes a message, and what it is acknowledged by. One that is in our hands is not to be received again, though the broker gives it. */
  take(message: ReceivedMessage, id: Id): void;
  /** Lets go of a message; what it is acknowledged by, if it was ours. */
  release(position: string): Id | undefined;
}

export function createHold<Id>(onArrival: () => void): Hold<Id> {
  const arrived = createArrivals();
  const held = new Map<string, Id>();
  return {
    arrived,
    take: (message, id) => {
      if (!held.has(message.position)) {
        arrived.add(message);
        onArrival();
      }
      held.set(message.position, id);
    },
    release: (position) => {
      const id = held.get(position);
      held.delete(position);
      return id;
    },
  };
}
