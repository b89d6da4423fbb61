import type { PaymentGateway } from '../../domain/payment-gateway.js';

/**
 * A gateway with at most `places` calls under way; others wait for theirs in the order in which they came. A call is under
 * way until its first answer: what its caller does with that no longer concerns the gateway.
 */
export function limited(gateway: PaymentGateway, places: number): PaymentGateway {
  const waiting: (() => void)[] = [];
  let free = places;
  const enter = async (): Promise<void> => {
    if (free === 0) return new Promise((resolve) => waiting.push(resolve));
    free -= 1;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    close: () => gateway.close(),
    charge: async (request, answer) => {
      await enter();
      let isInside = true;
      const end = (): void => {
        if (isInside) leave();
        isInside = false;
      };
      try {
        request.signal.throwIfAborted();
        await gateway.charge(request, (given) => {
          end();
          return answer(given);
        });
      } finally {
        end();
      }
    },
  };
}
