import type { AlpesError } from '../../errors.js';
import { BATCH_BYTES } from '../../size-limit.js';
import type { ReceivedMessage, Subscription } from '../../subscriber.js';
import { createReceiver } from '../receive.js';
import type { Arrivals } from './arrivals.js';
import type { Connection } from './connection.js';

/** What arrived on one partition and was not received yet. */
export interface Lane {
  readonly arrived: Arrivals;
  /** Called when one of them was received. */
  onReceived(message: ReceivedMessage): void;
  readonly connection: Connection;
}

/** A lane of a durable subscription. */
export interface DurableLane extends Lane {
  acknowledge(message: ReceivedMessage): void;
}

/** How the lanes of a subscription are received from. */
export interface Intake {
  readonly receive: Subscription['receive'];
  readonly failure: () => AlpesError | undefined;
  /** Says that something arrived. */
  wake(): void;
  /** Ends the wait that is under way, and every connection in good order. */
  close(): Promise<void>;
}

/** Whoever receives nothing while a connection is not there is told why, after the time that it was willing to wait. */
export function createIntake(lanes: readonly Lane[], pollMs: number): Intake {
  let first = 0;
  /** In turn one message of each lane, so that a full one does not starve the others; no more than make a batch. */
  const take = (max: number): ReceivedMessage[] => {
    const taken: ReceivedMessage[] = [];
    let bytes = 0;
    for (
      let idle = 0;
      idle < lanes.length && taken.length < max && bytes < BATCH_BYTES;
      first = (first + 1) % lanes.length
    ) {
      const lane = lanes[first];
      const message = lane?.arrived.take();
      idle = message === undefined ? idle + 1 : 0;
      if (message === undefined) continue;
      lane?.onReceived(message);
      taken.push(message);
      bytes += message.payload.byteLength;
    }
    return taken;
  };
  const receiver = createReceiver(async (max) => take(max), pollMs);
  let isClosed = false;
  const failure = (): AlpesError | undefined =>
    lanes.map(({ connection }) => connection.failure()).find((error) => error !== undefined);
  return {
    failure,
    receive: async (max, waitMs, signal) => {
      const messages = await receiver.receive(max, waitMs, signal);
      const error = failure();
      if (messages.length === 0 && !signal.aborted && !isClosed && error !== undefined) throw error;
      return messages;
    },
    wake: receiver.wake,
    close: async () => {
      isClosed = true;
      receiver.close();
      await Promise.all(lanes.map(({ connection }) => connection.close()));
    },
  };
}

/** All, or none of them stays open. */
export async function openAll<T extends Lane>(opening: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(opening);
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) return opened;
  await Promise.all(opened.map(({ connection }) => connection.close()));
  throw failed.reason;
}
