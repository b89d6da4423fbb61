import { randomUUID } from 'node:crypto';
import type { Subscription } from '../../subscriber.js';
import { createIntake, type Intake, openAll } from './intake.js';
import { partitionNumbers } from './names.js';
import type { Wire } from './wire.js';

interface DurableOptions {
  readonly topic: string;
  readonly subscription: string;
  readonly partitions: number;
  readonly pollMs: number;
  /** Ends the opening. */
  readonly signal: AbortSignal;
}

/**
 * One of the competing consumers of a durable subscription: on each partition a consumer of type Failover, of which the
 * broker serves one at a time. Not one consumer of the whole topic: through the WebSocket API that acknowledges only what
 * it has itself delivered, and drops any other acknowledgement without a word (tried on 4.0.6). All of them have one name,
 * for the broker deals the partitions out by the names of their consumers.
 */
export async function subscribeDurably(
  wire: Wire,
  { topic, subscription, partitions, pollMs, signal }: DurableOptions,
): Promise<Subscription> {
  const consumer = randomUUID();
  let intake: Intake | undefined;
  const onArrival = (): void => intake?.wake();
  const lanes = await openAll(
    partitionNumbers(partitions).map((partition) =>
      wire.join({ topic, partition, subscription, consumer, signal, onArrival }),
    ),
  );
  intake = createIntake(lanes, pollMs);
  return {
    receive: intake.receive,
    failure: intake.failure,
    // Neither protocol confirms it to us; an acknowledgement that is lost with its connection means that the message comes again.
    acknowledge: async (messages) => {
      for (const message of messages) lanes[message.partition]?.acknowledge(message);
    },
    close: intake.close,
  };
}
