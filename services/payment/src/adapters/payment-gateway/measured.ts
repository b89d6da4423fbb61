import type { PaymentGateway } from '../../domain/payment-gateway.js';
import type { PaymentMetrics } from '../metrics.js';

/** A gateway whose calls are measured, each once: until its first answer, or until it failed. */
export function measured(gateway: PaymentGateway, { gatewayCalls }: PaymentMetrics): PaymentGateway {
  return {
    close: () => gateway.close(),
    charge: async (request, answer) => {
      const stop = gatewayCalls.startTimer();
      let over = false;
      const end = (outcome: string): void => {
        if (!over) stop({ outcome });
        over = true;
      };
      try {
        await gateway.charge(request, (given) => {
          end(given.outcome);
          return answer(given);
        });
      } finally {
        end('failed');
      }
    },
  };
}
