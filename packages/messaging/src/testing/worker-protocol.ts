import type { SubscribeOptions } from '../subscriber.js';
import type { TransportSettings } from '../transports/connect.js';

/** What a worker is started with. */
export interface WorkerOrders {
  readonly url: string;
  readonly module?: string | undefined;
  readonly settings: Partial<TransportSettings>;
  readonly subscribe: SubscribeOptions & { readonly from: 'earliest' | 'latest' };
}

/** Acknowledge what was received, or that and all that will be. */
export type WorkerCommand = 'acknowledge' | 'acknowledge always';

/** A message as a consumer saw it. */
export interface Seen {
  readonly key: string;
  readonly text: string;
  readonly position: string;
}

export type WorkerReport =
  { readonly type: 'joined' | 'acknowledged' } | { readonly type: 'received'; readonly seen: readonly Seen[] };
