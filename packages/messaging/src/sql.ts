/**
 * The part of a Prisma client, or of a transaction of one, that this package uses. Every Prisma client fits. The
 * statements are constants of this package; all values travel as parameters.
 */
export interface SqlClient {
  $queryRawUnsafe<T = unknown>(sql: string, ...values: unknown[]): PromiseLike<T>;
  $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number>;
}

/**
 * What a statement begins with, and selects from, whose commit need not wait for the disk: nothing but time is lost if it
 * is gone with the database's last moments, for it is done again. What commits later is never kept without it.
 */
export const SOON = `WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;

/** A Prisma client whose interactive transactions hand out a `Tx`. */
export interface TransactionalClient<Tx extends SqlClient> extends SqlClient {
  $transaction<R>(work: (tx: Tx) => Promise<R>, options?: { timeout?: number; maxWait?: number }): Promise<R>;
}
