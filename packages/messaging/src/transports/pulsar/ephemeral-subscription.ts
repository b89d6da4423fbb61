import type { Subscription } from '../../subscriber.js';
import type { Admin } from './admin.js';
import { createIntake, type Intake, type Lane, openAll } from './intake.js';
import type { After, Wire } from './wire.js';

interface EphemeralOptions {
  readonly admin: Admin;
  readonly topic: string;
  readonly start: readonly After[];
  readonly pollMs: number;
  /** Ends the opening. */
  readonly signal: AbortSignal;
}

/** Readers of all partitions, which keep their places in memory. */
export async function subscribeEphemerally(
  wire: Wire,
  { admin, topic, start, pollMs, signal }: EphemeralOptions,
): Promise<Subscription> {
  let intake: Intake | undefined;
  const onArrival = (): void => intake?.wake();
  const read = (after: After, partition: number): Promise<Lane> => {
    const currentLedger = (): Promise<bigint> => admin.currentLedger(topic, partition);
    return wire.read({ topic, partition, after, currentLedger, signal, onArrival });
  };
  const lanes = await openAll(start.map(read));
  intake = createIntake(lanes, pollMs);
  const { receive, failure, close } = intake;
  return { receive, failure, acknowledge: async () => {}, close };
}
