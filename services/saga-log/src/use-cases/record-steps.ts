import type { Incoming } from '@alpes/messaging';
import type { Step } from '../domain/step.js';
import type { StepStore } from '../domain/step-store.js';

/** Writes messages down as steps of their orders. */
export function recordSteps<Tx>({ store }: { store: StepStore<Tx> }) {
  return (messages: readonly Incoming<Step>[], tx: Tx): Promise<void> =>
    store.insert(
      tx,
      messages.map(({ value }) => value),
    );
}
