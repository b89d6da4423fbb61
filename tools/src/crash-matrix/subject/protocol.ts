import type { ControlName } from '../controls/names.js';
import type { Poison, Stage } from '../scenario.js';

/** What a process of the pipeline is to be. */
export interface Orders {
  readonly stage: Stage;
  readonly databaseUrl: string;
  readonly brokerUrl: string;
  readonly batchSize: number;
  readonly maxAttempts: number;
  /** Where it notes each try of a message that is poison, before it. */
  readonly triesFile: string;
  /** Where it crashes, as `armCrashPoint` takes it. */
  readonly crash?: string;
  /** What is broken in it. */
  readonly control?: ControlName;
}

/** A transfer that has no number yet. `poison` is empty, or as {@link poisonText} writes it. */
export interface NewTransfer {
  readonly transfer: string;
  readonly account: string;
  readonly poison: string;
}

/** `transfers` is a transaction of the source stage that nobody's message asked for, open for `holdMs` longer than need be. */
export type Command =
  | { readonly type: 'start'; readonly orders: Orders }
  | {
      readonly type: 'transfers';
      readonly id: number;
      readonly transfers: readonly NewTransfer[];
      readonly holdMs: number;
    }
  | { readonly type: 'ping' | 'stop' };

/** `idle`: may be started. `accepted` and `refused`: what became of transfers. */
export type Report =
  | { readonly type: 'idle' | 'started' | 'alive' }
  | { readonly type: 'accepted'; readonly id: number; readonly numbers: readonly number[] }
  | { readonly type: 'refused'; readonly id: number };

/** The poison of a message, as its body tells it. */
export function poisonText(poison: Poison | undefined): string {
  return poison === undefined ? '' : `${poison.stage}:${poison.kind}`;
}

/** Whether a message is poison for this stage, and of what kind. */
export function poisonFor(stage: Stage, text: string): string | undefined {
  return text.startsWith(`${stage}:`) ? text.slice(stage.length + 1) : undefined;
}
