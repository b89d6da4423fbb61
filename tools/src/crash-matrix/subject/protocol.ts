import type { ControlName } from '../controls/names.js';
import type { Poison, Stage } from '../scenario.js';

/** What a process of the pipeline is to be. */
export interface Orders {
  readonly stage: Stage;
  readonly databaseUrl: string;
  /** What the environment says of the broker, beside what this process has. */
  readonly broker: Readonly<Record<string, string>>;
  readonly batchSize: number;
  readonly maxAttempts: number;
  /** Where it notes what it does with tries, as {@link TryNote} says. */
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

/**
 * What a process notes of the tries of a message. `counting`: it is about to count one. `counted`: it has, and that one is
 * to come; `spent`: it has, and there are none left. `uncounted`: it took the count back, or there was none; `kept`: it could not. `tried`:
 * the counted try has come to the poison.
 */
export interface TryNote {
  /** Which process it was, each time that it was a stage. */
  readonly by: string;
  /** The message's. */
  readonly id: string;
  readonly what: 'counting' | 'counted' | 'spent' | 'uncounted' | 'kept' | 'tried';
  /** How many there were with it, of what was counted. */
  readonly attempts?: number;
}

/** The poison of a message, as its body tells it. */
export function poisonText(poison: Poison | undefined): string {
  return poison === undefined ? '' : `${poison.stage}:${poison.kind}`;
}

/** Whether a message is poison for this stage, and of what kind. */
export function poisonFor(stage: Stage, text: string): string | undefined {
  return text.startsWith(`${stage}:`) ? text.slice(stage.length + 1) : undefined;
}
