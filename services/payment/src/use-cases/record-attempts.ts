import { type Backoff, delayAfter } from '@alpes/messaging';
import type { GatewayAnswer } from '../domain/payment-gateway.js';
import { postpone, release, settle, storable, type Transaction } from '../domain/transaction.js';
import type { PaymentAttempt, TransactionEvents } from '../domain/transaction-events.js';
import type { TransactionChange, TransactionStore } from '../domain/transaction-store.js';

/** What a call of the gateway came to. `abandoned`: this process could not wait for it. */
export type Outcome =
  | { readonly kind: 'answered'; readonly answer: GatewayAnswer }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'abandoned' };

/** A call of the gateway for a transaction as it was claimed. */
export interface Attempt {
  readonly claimed: Transaction;
  readonly outcome: Outcome;
}

interface Parts<Tx> {
  readonly store: TransactionStore<Tx>;
  readonly events: TransactionEvents<Tx>;
  readonly clock: () => Date;
  /** Delays between the calls for one transaction. */
  readonly retry: Backoff;
}

/** Records what came of calls of the gateway, and announces what that changed. */
export function recordAttempts<Tx>({ store, events, clock, retry }: Parts<Tx>) {
  return async (attempts: readonly Attempt[], tx: Tx): Promise<void> => {
    const current = new Map(await store.lock(tx, [...new Set(attempts.map(({ claimed }) => claimed.id))]));
    const changes = new Map<string, TransactionChange>();
    const told: PaymentAttempt[] = [];
    for (const { claimed, outcome } of attempts) {
      const transaction = current.get(claimed.id);
      const change = transaction && apply(outcome, { transaction, lease: claimed.lease, now: clock(), retry });
      if (change === undefined) continue;
      current.set(claimed.id, change.transaction);
      changes.set(claimed.id, change);
      if (change.told !== undefined) told.push({ transaction: change.transaction, ...change.told });
    }
    await store.update(tx, [...changes.values()]);
    await events.attempted(tx, told);
  };
}

interface Situation {
  readonly transaction: Transaction;
  readonly lease: string | undefined;
  readonly now: Date;
  readonly retry: Backoff;
}

type Change = TransactionChange & { readonly told?: Pick<PaymentAttempt, 'result' | 'detail'> };

function apply(outcome: Outcome, { transaction, lease, now, retry }: Situation): Change | undefined {
  if (outcome.kind === 'answered') {
    const settled = settle(transaction, outcome.answer, now);
    return settled && { transaction: settled, pauseMs: 0, told: describeAnswer(settled) };
  }
  if (outcome.kind === 'abandoned') {
    const released = release(transaction, lease);
    return released && { transaction: released, pauseMs: 0 };
  }
  const postponed = postpone(transaction, lease, now);
  if (postponed === undefined) return undefined;
  const pauseMs = delayAfter(postponed.attempts, retry);
  const detail = `attempt ${postponed.attempts}: ${storable(outcome.why)}; the next in ${pauseMs} ms`;
  return { transaction: postponed, pauseMs, told: { result: 'FAILED', detail } };
}

function describeAnswer({ attempts, state, reason, gatewayReference }: Transaction) {
  return state === 'APPROVED'
    ? { result: state, detail: `attempt ${attempts}: approved as ${gatewayReference}` }
    : { result: 'REJECTED' as const, detail: `attempt ${attempts}: rejected, ${reason}` };
}
