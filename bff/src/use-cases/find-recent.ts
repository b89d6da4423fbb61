import { AlpesError, type Backoff, type Cause, delayAfter } from '@alpes/messaging';
import { isRecent } from '../domain/order-id.js';

export interface Patience {
  readonly clock: () => Date;
  readonly pause: (ms: number) => Promise<void>;
  /** How long in ms to wait for what is not there yet. */
  readonly waitMs: number;
}

/** Reads something of an order; throws `not-found` while it is not there. */
export type Read<T> = (id: string, cause: Cause) => Promise<T>;

/** So few reads that those who wait do not keep the service from its work. */
const BACKOFF: Backoff = { firstMs: 20, maxMs: 500 };

/** Reads again while what belongs to an order that was accepted a moment ago is not there yet. */
export function findRecent({ clock, pause, waitMs }: Patience) {
  return <T>(read: Read<T>): Read<T> =>
    async (id, cause) => {
      const deadline = clock().getTime() + (isRecent(id, clock()) ? waitMs : 0);
      for (let failures = 1; ; failures += 1) {
        try {
          return await read(id, cause);
        } catch (thrown) {
          const error = AlpesError.from(thrown);
          const left = deadline - clock().getTime();
          if (error.code !== 'not-found' || left <= 0) throw error;
          await pause(Math.min(left, delayAfter(failures, BACKOFF)));
        }
      }
    };
}
