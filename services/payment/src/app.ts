import type { App, ServiceContext } from '@alpes/service-kit';
import { v4 as uuidv4 } from 'uuid';
import { createAttemptRecorder } from './adapters/attempt-recorder.js';
import { chargeIdOf } from './adapters/charge-id.js';
import { surviveOutages } from './adapters/database-outage.js';
import { createPaymentMetrics } from './adapters/metrics.js';
import { limited } from './adapters/payment-gateway/limited.js';
import { measured } from './adapters/payment-gateway/measured.js';
import { withDeadline } from './adapters/payment-gateway/with-deadline.js';
import { onOrdenCreada } from './adapters/subscriptions.js';
import { transactionEvents } from './adapters/transaction-events.js';
import { transactionStore } from './adapters/transaction-store.js';
import { createWorker, type PaymentWorker } from './adapters/worker.js';
import { workList } from './adapters/work-list.js';
import type { PaymentGateway } from './domain/payment-gateway.js';
import type { Prisma, PrismaClient } from './gen/prisma/client.js';
import { chargeTransaction } from './use-cases/charge-transaction.js';
import { createTransactions } from './use-cases/create-transactions.js';
import { recordAttempts } from './use-cases/record-attempts.js';
import type { PaymentSettings } from './settings.js';

type Tx = Prisma.TransactionClient;

interface Parts extends ServiceContext<Tx> {
  readonly prisma: PrismaClient;
  readonly gateway: PaymentGateway;
  readonly settings: PaymentSettings;
}

const clock = (): Date => new Date();

/** All that the payment service does. */
export function createApp(parts: Parts): App<Tx> {
  const worker = paymentWorker(parts);
  const create = createTransactions({ store: transactionStore, idOf: chargeIdOf, clock });
  return { subscriptions: [onOrdenCreada(create, worker.wake)], workers: [worker] };
}

/** Claims what is due, asks the gateway, records what it says. */
function paymentWorker({ outbox, logger, registry, prisma, gateway, settings }: Parts): PaymentWorker {
  const retry = { firstMs: settings.PAYMENT_RETRY_FIRST_MS, maxMs: settings.PAYMENT_RETRY_MAX_MS };
  const backoff = { firstMs: 100, maxMs: settings.OUTAGE_MAX_MS };
  const work = workList({ prisma, leaseMs: settings.PAYMENT_LEASE_MS, newId: uuidv4 });
  const giveUp = new AbortController();
  const survive = surviveOutages({ backoff, logger });
  const recordAll = recordAttempts({ store: transactionStore, events: transactionEvents(outbox), clock, retry });
  const record = createAttemptRecorder({
    ...{ survive, signal: giveUp.signal },
    write: (attempts) => outbox.inTransaction((tx) => recordAll(attempts, tx)),
  });
  const metrics = createPaymentMetrics(registry, work.pending);
  const concurrency = settings.PAYMENT_CONCURRENCY;
  const charge = chargeTransaction({
    gateway: limited(measured(withDeadline(gateway, settings.GATEWAY_TIMEOUT_MS), metrics), concurrency),
    record,
  });
  return createWorker({
    ...{ claim: work.claim, charge, survive, giveUp, backoff, logger },
    // As many again as are called for: while some are being recorded and claimed, others are at the gateway.
    ...{ mostInHand: 2 * concurrency, pollMs: settings.PAYMENT_POLL_MS, drainMs: settings.GRACE_MS / 2 },
  });
}
