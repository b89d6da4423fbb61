import type { Backoff } from '../backoff.js';
import type { Contract } from '../catalogue.js';
import type { InboxStore } from '../inbox/store.js';
import type { Logger } from '../logger.js';
import type { Subscription } from '../subscriber.js';
import type { Death } from './dead-letter.js';
import type { SubscriptionDefinition } from './delivery.js';
import type { Mutex } from './mutex.js';
import type { BatchHandler } from './pipeline.js';
import type { TablesWatch } from './tables-watch.js';

/** What a consumer needs to know and to be able to do. */
export interface ConsumerOptions {
  readonly subscriptionName: string;
  readonly contract: Contract;
  readonly parse: SubscriptionDefinition<never>['parse'];
  readonly subscribe: () => Promise<Subscription>;
  readonly handle: BatchHandler;
  readonly attempts: Pick<InboxStore<never>, 'countAttempt' | 'uncountAttempt'>;
  readonly inHand: Pick<InboxStore<never>, 'takeInHand' | 'putDown'>;
  readonly bury: (death: Death) => Promise<void>;
  /** One for all consumers of a process: in it messages are tried alone. */
  readonly oneAtATime: Mutex;
  readonly tables: TablesWatch;
  /** Resolves if the database answers. */
  readonly ping: () => Promise<unknown>;
  /** Most messages of one transaction. */
  readonly batchSize: number;
  readonly maxAttempts: number;
  /** Delays between the tries of one message. */
  readonly retry: Backoff;
  /** Delays while the database or the broker is away. */
  readonly outage: Backoff;
  readonly logger: Logger;
}
