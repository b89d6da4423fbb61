import { AlpesError } from '@alpes/messaging';
import type { Charge, ChargeLedger } from '../../../../services/payment/src/adapters/payment-gateway/charge-ledger.js';
import type { ChargeRequest } from '../../../../services/payment/src/domain/payment-gateway.js';

interface Entry extends Charge {
  readonly request: ChargeRequest;
}

/** The gateway's books in memory: what it was asked for, by idempotency key. */
export interface Books extends ChargeLedger {
  readonly entries: ReadonlyMap<string, Entry>;
}

export function openBooks(): Books {
  const entries = new Map<string, Entry>();
  return {
    entries,
    book: (request, answer) => {
      const known = entries.get(request.idempotencyKey);
      if (known !== undefined && !isSame(known.request, request)) {
        const message = `the idempotency key ${request.idempotencyKey} was used for another charge`;
        return Promise.reject(new AlpesError('rule-broken', message));
      }
      const entry = { request, answer: known?.answer ?? answer, calls: (known?.calls ?? 0) + 1 };
      entries.set(request.idempotencyKey, entry);
      return Promise.resolve(entry);
    },
    close: () => Promise.resolve(),
  };
}

function isSame(one: ChargeRequest, other: ChargeRequest): boolean {
  return one.orderId === other.orderId && one.amount === other.amount && one.currency === other.currency;
}
