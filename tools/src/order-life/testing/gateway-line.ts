import { AlpesError } from '@alpes/messaging';
import type { PaymentGateway } from '../../../../services/payment/src/domain/payment-gateway.js';
import type { LifeHappening } from './happenings.js';
import type { Mortal, Turns } from './turns.js';

interface Options {
  readonly turns: Turns;
  readonly caller: Mortal;
  /** The gateway as it is when a request arrives. */
  readonly gateway: () => PaymentGateway;
  readonly saw: (happening: LifeHappening) => void;
}

/**
 * The line to the gateway: requests and answers wait there for their turn, and some are lost. A request that is on it
 * arrives, whether its caller still waits or is dead, and the gateway never learns that nobody waits.
 */
export function gatewayLine({ turns, caller, gateway, saw }: Options): PaymentGateway {
  return {
    close: () => Promise.resolve(),
    charge: async (request, answer) => {
      const sent = await turns.wait(caller, 'request', request.orderId);
      if (sent === 'fails') {
        saw('a request was lost');
        throw new AlpesError('unavailable', 'the request was lost');
      }
      if (request.signal.aborted) saw('a charge was made after its caller had given up');
      let answers = 0;
      const unheard = { ...request, signal: new AbortController().signal };
      await gateway().charge(unheard, async (given) => {
        const came = sent === 'is lost' ? 'fails' : await turns.wait(caller, 'answer', request.orderId);
        if (came !== 'works') saw('an answer was lost');
        if (came === 'fails') throw new AlpesError('unavailable', 'the connection broke');
        if (came === 'is lost') await new Promise(() => {});
        if (request.signal.aborted) saw('an answer came after its deadline');
        answers += 1;
        if (answers === 2) saw('an answer came twice');
        await answer(given);
      });
    },
  };
}
