import type { Cause } from '@alpes/messaging';
import type { GatewayAnswer } from './payment-gateway.js';

export type TransactionState = 'PENDING' | 'APPROVED' | 'REJECTED';

/** What payment has to know of an order. The amount is in minor units of the currency. */
export interface OrderToPay {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
}

export interface Transaction extends OrderToPay {
  /** Also the idempotency key of every call of the gateway. */
  readonly id: string;
  readonly kind: 'CHARGE';
  readonly state: TransactionState;
  /** Grows by 1 with each event; 0 as long as there was none. */
  readonly version: number;
  /** Why the gateway refused; empty otherwise. */
  readonly reason: string;
  /** The gateway's name for the charge; empty unless it approved. */
  readonly gatewayReference: string;
  /** Calls of the gateway whose outcome was recorded. */
  readonly attempts: number;
  /** The claim that works on it; absent when none does. */
  readonly lease?: string;
  /** What led to it: its events are caused by that. */
  readonly cause: Cause;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What an order owes, before the gateway was asked. */
export function newTransaction(order: OrderToPay, id: string, cause: Cause, now: Date): Transaction {
  const { traceparent, correlationId, id: causeId } = cause;
  return {
    ...{ ...order, id, kind: 'CHARGE', state: 'PENDING', version: 0, reason: '', gatewayReference: '', attempts: 0 },
    ...{ cause: { id: causeId, correlationId, traceparent }, createdAt: now, updatedAt: now },
  };
}

/**
 * The transaction after the gateway's answer; undefined if it has one already. The first answer counts, whoever brings
 * it: all that one key is answered is the same answer, so it need not come from the claim that works on it now.
 */
export function settle(transaction: Transaction, answer: GatewayAnswer, now: Date): Transaction | undefined {
  if (transaction.state !== 'PENDING') return undefined;
  const { lease: _over, ...rest } = transaction;
  const changed = { ...rest, attempts: rest.attempts + 1, version: rest.version + 1, updatedAt: now };
  return answer.outcome === 'approved'
    ? { ...changed, state: 'APPROVED', gatewayReference: storable(answer.reference) }
    : { ...changed, state: 'REJECTED', reason: storable(answer.reason) };
}

/**
 * The transaction after a call that brought no answer; undefined if it has one already, or if another claim works on
 * it: a worker that was frozen past its lease says nothing about the call of its successor.
 */
export function postpone(transaction: Transaction, lease: string | undefined, now: Date): Transaction | undefined {
  const released = release(transaction, lease);
  return released && { ...released, attempts: released.attempts + 1, updatedAt: now };
}

/** The transaction after a claim gave it back; undefined if it is not that claim's any more. */
export function release(transaction: Transaction, lease: string | undefined): Transaction | undefined {
  if (transaction.state !== 'PENDING' || transaction.lease !== lease) return undefined;
  const { lease: _over, ...rest } = transaction;
  return rest;
}

/** Longest text of a gateway that is kept. */
const MAX_TEXT = 500;

/** PostgreSQL can't store the character U+0000. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '').slice(0, MAX_TEXT);
}
