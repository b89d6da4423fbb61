import type { Step } from './step.js';

/** The steps, within a transaction. */
export interface StepStore<Tx> {
  /** Adds those whose message is new. */
  insert(tx: Tx, steps: readonly Step[]): Promise<void>;
}
