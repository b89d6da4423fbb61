import { AlpesError } from '@alpes/messaging';
import { createAttemptRecorder } from '../../../../services/payment/src/adapters/attempt-recorder.js';
import type { SurviveOutages } from '../../../../services/payment/src/adapters/database-outage.js';
import { withDeadline } from '../../../../services/payment/src/adapters/payment-gateway/with-deadline.js';
import type { PaymentGateway } from '../../../../services/payment/src/domain/payment-gateway.js';
import { chargeTransaction } from '../../../../services/payment/src/use-cases/charge-transaction.js';
import type { Attempt } from '../../../../services/payment/src/use-cases/record-attempts.js';
import type { LifeHappening } from './happenings.js';
import { type PaymentService, SETTINGS } from './payment-service.js';
import type { How, Mortal, Turns } from './turns.js';

/** A process of payment that claims transactions and has them charged, as the schedule says. */
export interface PaymentWorker extends Mortal {
  /** The ids of the transactions that it works on. */
  readonly inHand: ReadonlySet<string>;
  claim(limit: number, how: How): Promise<void>;
  /** Gives up its calls, and claims no more. */
  stop(): void;
}

interface Options {
  readonly name: string;
  readonly service: PaymentService;
  readonly turns: Turns;
  /** The gateway, as this process reaches it. */
  readonly gateway: (caller: Mortal) => PaymentGateway;
  readonly claimed: (worker: PaymentWorker, transactionId: string) => void;
  /** Runs what records attempts, and judges it. */
  readonly recording: (attempts: readonly Attempt[], record: () => Promise<void>) => Promise<void>;
  readonly saw: (happening: LifeHappening) => void;
}

export function createPaymentWorker(options: Options): PaymentWorker {
  const { name, service, turns, gateway, claimed, recording, saw } = options;
  const giveUp = new AbortController();
  const inHand = new Set<string>();
  const worker: PaymentWorker = {
    ...{ name, isDead: false, inHand },
    claim: async (limit, how) => {
      if (how === 'fails') return;
      const transactions = await service.workList.claim(limit);
      if (how === 'is lost') return saw('the answer of a claim was lost');
      for (const transaction of transactions) {
        claimed(worker, transaction.id);
        inHand.add(transaction.id);
        // One that could not be recorded is claimed again.
        const call = charge(transaction, giveUp.signal).catch(() => {});
        void call.finally(() => inHand.delete(transaction.id));
      }
    },
    stop: () => giveUp.abort(),
  };
  const write = async (attempts: readonly Attempt[]): Promise<void> => {
    const how = await turns.wait(worker, 'record', attempts.map(({ claimed }) => claimed.orderId).join());
    await recording(attempts, () => service.database.transaction(how, (tx) => service.recordAll(attempts, tx)));
  };
  const record = createAttemptRecorder({ write, survive: persist, signal: giveUp.signal });
  const charge = chargeTransaction({ gateway: withDeadline(gateway(worker), SETTINGS.GATEWAY_TIMEOUT_MS), record });
  return worker;
}

/** Each try waits for its turn, so there is no need to wait between them. */
const persist: SurviveOutages = async (work, signal) => {
  for (;;) {
    try {
      return { value: await work() };
    } catch (thrown) {
      if (AlpesError.from(thrown).nature !== 'transient') throw thrown;
      if (signal.aborted) return undefined;
    }
  }
};
