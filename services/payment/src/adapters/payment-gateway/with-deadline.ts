import { AlpesError } from '@alpes/messaging';
import type { PaymentGateway } from '../../domain/payment-gateway.js';

/**
 * A gateway whose calls end in time: after `timeoutMs`, or when the caller waits no longer, the call is told to give up
 * and rejects with `unavailable`, whether the gateway listens or not. Answers that come later are still passed on.
 */
export function withDeadline(gateway: PaymentGateway, timeoutMs: number): PaymentGateway {
  return {
    close: () => gateway.close(),
    charge: async (request, answer) => {
      const call = new AbortController();
      const giveUp = (): void => {
        call.abort(new AlpesError('unavailable', 'the call was given up'));
      };
      const timer = setTimeout(() => {
        call.abort(new AlpesError('unavailable', `the gateway did not answer within ${timeoutMs} ms`));
      }, timeoutMs);
      request.signal.addEventListener('abort', giveUp);
      if (request.signal.aborted) giveUp();
      try {
        await Promise.race([aborted(call.signal), gateway.charge({ ...request, signal: call.signal }, answer)]);
      } finally {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', giveUp);
      }
    },
  };
}

/** Rejects with the reason once the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => {
      reject(AlpesError.from(signal.reason));
    };
    signal.addEventListener('abort', fail, { once: true });
    if (signal.aborted) fail();
  });
}
