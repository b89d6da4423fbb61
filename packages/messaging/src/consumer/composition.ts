import { outageLog } from '../backoff.js';
import type { Contract } from '../catalogue.js';
import type { InboxStore } from '../inbox/store.js';
import type { Logger } from '../logger.js';
import type { MessagingSettings } from '../messaging-settings.js';
import type { MessagingMetrics } from '../metrics.js';
import { inbox } from '../middleware/inbox.js';
import { logging } from '../middleware/logging.js';
import { metrics } from '../middleware/metrics.js';
import type { Outbox } from '../outbox/outbox.js';
import type { SqlClient } from '../sql.js';
import type { Transport } from '../transport.js';
import { createUndertaker, type Death } from './dead-letter.js';
import type { SubscriptionDefinition } from './delivery.js';
import type { Mutex } from './mutex.js';
import type { ConsumerOptions } from './options.js';
import { type BatchHandler, transaction } from './pipeline.js';
import { createTablesWatch } from './tables-watch.js';

/** What all consumers of a process share. */
export interface Shared<Tx> {
  readonly service: string;
  readonly prisma: SqlClient;
  readonly transport: Transport;
  readonly settings: MessagingSettings;
  readonly outbox: Outbox<Tx>;
  readonly inbox: InboxStore<Tx>;
  readonly counters: MessagingMetrics;
  readonly oneAtATime: Mutex;
  readonly logger: Logger;
  /** Told of each message that was buried. */
  readonly onDeath?: (death: Death) => void;
}

/** From the outside in: metrics and logs see the whole of a try, the inbox works inside its transaction. */
export function composeConsumer<Tx>(
  shared: Shared<Tx>,
  contract: Contract,
  { parse, handle: work, committed }: SubscriptionDefinition<Tx>,
): ConsumerOptions {
  const { service, prisma, transport, settings, outbox, inbox: store, counters, oneAtATime, logger } = shared;
  // So that the first messages are an increase, and not a beginning.
  counters.handled.inc({ message: contract.type, subscription: service }, 0);
  const tables = createTablesWatch(settings.outage, outageLog(`tables of ${service} for ${contract.topic}`, logger));
  const inTransaction = inbox(store)(async (batch, tx) => {
    await work(batch.deliveries, tx);
    tables.passed();
  });
  const handle: BatchHandler = metrics(counters)(logging(logger)(transaction(outbox, inTransaction, committed)));
  return {
    ...{ subscriptionName: service, contract, parse, handle, logger },
    ...{ batchSize: settings.batchSize, maxAttempts: settings.maxAttempts },
    ...{ retry: settings.retry, outage: settings.outage, attempts: store, inHand: store, oneAtATime, tables },
    ping: async () => prisma.$executeRawUnsafe('SELECT 1'),
    subscribe: () =>
      transport.subscribe({ topic: contract.topic, subscription: service, mode: 'durable', from: 'earliest' }),
    bury: reportDeaths(createUndertaker(service, store, outbox), shared, contract),
  };
}

/** Counts and logs the dead, and logs a burial that failed, for it is repeated without end. */
function reportDeaths<Tx>(
  bury: (death: Death) => Promise<boolean>,
  { service, counters, logger, onDeath }: Shared<Tx>,
  contract: Contract,
): (death: Death) => Promise<void> {
  const labels = { message: contract.type, subscription: service };
  return async (death) => {
    const { key, error, attempts } = death;
    const about = { ...labels, messageId: key.messageId, attempts };
    try {
      if (await bury(death)) {
        counters.deadLettered.inc({ ...labels, reason: error.code });
        logger.error({ ...about, err: error }, 'message is dead');
        onDeath?.(death);
      } else {
        // By a consumer that had it before and was slow, not dead; or by us, and the answer was lost.
        logger.warn({ ...about, err: error }, 'message was given up, but has been handled or buried by now');
      }
    } catch (err) {
      logger.error({ ...about, err }, 'message is dead and could not be buried, trying until it is');
      throw err;
    }
  };
}
