import type { CrashPoint, InboxStore, OutboxStore, Publisher, SqlClient } from '@alpes/messaging';
import type { Action, Forced } from '../scenario.js';

/** The stores of a process, and what a broken one may need instead. */
export interface Parts<Tx> {
  readonly outbox: OutboxStore<Tx>;
  readonly inbox: InboxStore<Tx>;
  readonly prisma: SqlClient;
  readonly databaseUrl: string;
  readonly publisher: Publisher;
}

export type Stores<Tx> = Pick<Parts<Tx>, 'outbox' | 'inbox'>;

/** A mistake that the matrix has to find: a proof that can't fail proves nothing. */
export interface Control {
  /** Where it shows soonest, and what such a run must have. */
  readonly reveals: { readonly point: CrashPoint; readonly action: Action; readonly forced: Forced };
  /** Takes a part of messaging out and puts a wrong one in. */
  breakStores<Tx>(parts: Parts<Tx>): Partial<Stores<Tx>>;
}
