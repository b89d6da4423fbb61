import { CRASH_ACTIONS, type CrashPoint } from '@alpes/messaging';
import { createRandom, type Random } from '../random.js';

/** The stages of the pipeline. */
export const STAGES = ['source', 'sink'] as const;
export type Stage = (typeof STAGES)[number];

/** What is wrong with a message: its handler throws, ends the process, or it breaks a rule. */
export const POISONS = ['throws', 'kills', 'refused'] as const;
export type PoisonKind = (typeof POISONS)[number];

/** A message that one stage can't handle. */
export interface Poison {
  readonly stage: Stage;
  readonly kind: PoisonKind;
}

/**
 * What happens at the crash point: the process is killed or frozen, or the broker is killed while the process stands
 * there, and started again.
 */
export const ACTIONS = [...CRASH_ACTIONS, 'broker'] as const;
export type Action = (typeof ACTIONS)[number];

/** One place of the matrix, with a seed. */
export interface Cell {
  readonly point: CrashPoint;
  readonly action: Action;
  readonly seed: number;
}

/** All that is decided of a run before it begins: the same for the same cell. */
export interface Scenario extends Cell {
  /** Who comes to the crash point: a stage of the pipeline, or the payment service. */
  readonly victim: Stage | 'payment';
  /** At which passage of the point. */
  readonly nth: number;
  /** Whether another replica is there already, or comes after the crash. */
  readonly successor: 'there' | 'later';
  readonly accounts: number;
  readonly partitions: number;
  /** Most messages of one transaction. */
  readonly batchSize: number;
  /** Messages that come at a time. */
  readonly waveSize: number;
  /** Tries after which a message is dead. */
  readonly maxAttempts: number;
  /** Whether some messages come twice. */
  readonly duplicates: boolean;
  /** Whether some transactions stay open while others commit, so that ids appear out of their order. */
  readonly longTransactions: boolean;
  readonly poison: readonly Poison[];
  /** Whether, after the crash, one stays open until the relay's looks begin behind what it wrote. */
  readonly lateTransaction: boolean;
}

/** The points that only the worker of the payment service has. */
export const PAYMENT_POINTS: readonly CrashPoint[] = ['claimed', 'charged'];

/** What a control needs in its runs. */
export type Forced = Partial<Omit<Scenario, keyof Cell>>;

export function scenarioOf({ point, action, seed }: Cell, forced: Forced = {}): Scenario {
  const random = createRandom('scenario', point, action, seed);
  const inPayment = PAYMENT_POINTS.includes(point) || random.chance(0.1);
  return {
    ...{ point, action, seed },
    victim: inPayment ? 'payment' : random.pick(STAGES),
    nth: random.between(1, 5),
    successor: random.pick(['there', 'later']),
    accounts: random.between(2, 8),
    partitions: random.between(1, 4),
    batchSize: random.pick([1, 3, 10, 30]),
    waveSize: random.between(4, 24),
    maxAttempts: random.between(2, 3),
    duplicates: random.chance(0.5),
    longTransactions: random.chance(0.3),
    poison: inPayment ? [] : poisonOf(random),
    lateTransaction: !inPayment && random.chance(0.1),
    ...forced,
  };
}

/** Those that kill are rare: each of their tries takes a process, and a lease until the next one has its share. */
function poisonOf(random: Random): Poison[] {
  if (random.chance(0.08)) return [{ stage: random.pick(STAGES), kind: 'kills' }];
  if (random.chance(0.6)) return [];
  const kinds = ['throws', 'refused'] as const;
  return Array.from({ length: random.between(1, 2) }, () => ({ stage: random.pick(STAGES), kind: random.pick(kinds) }));
}

/** How the victim is told. One whose broker is killed stands still until that is dead. */
export function crashOf({ point, nth, action }: Scenario): string {
  return `${point}:${nth}:${action === 'kill' ? 'kill' : 'freeze'}`;
}
