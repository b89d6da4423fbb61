import type { Subscription } from '../../subscriber.js';
import type { Admin } from './admin.js';
import { createIntake, type Intake, type Lane, openAll } from './intake.js';
import type { After, Wire } from './wire.js';

/** Readers of all partitions, which keep their places in memory. */
export async function subscribeEphemerally(
  wire: Wire,
  { admin, topic, start, pollMs }: { admin: Admin; topic: string; start: readonly After[]; pollMs: number },
): Promise<Subscription> {
  let intake: Intake | undefined;
  const onArrival = (): void => intake?.wake();
  const read = (after: After, partition: number): Promise<Lane> => {
    const currentLedger = (): Promise<bigint> => admin.currentLedger(topic, partition);
    return wire.read({ topic, partition, after, currentLedger, onArrival });
  };
  const lanes = await openAll(start.map(read));
  intake = createIntake(lanes, pollMs);
  const { receive, failure, close } = intake;
  return { receive, failure, acknowledge: async () => {}, close };
}
