/**
 * The part of a Prisma client, or of a transaction of one, that this package uses. Every Prisma client fits. The
 * statements are constants of this package; all values travel as parameters.
 */
export interface SqlClient {
  $queryRawUnsafe<T = unknown>(sql: string, ...values: unknown[]): PromiseLike<T>;
  $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number>;
}

/** A Prisma client whose interactive transactions hand out a `Tx`. */
export interface TransactionalClient<Tx extends SqlClient> extends SqlClient {
  $transaction<R>(work: (tx: Tx) => Promise<R>, options?: { timeout?: number; maxWait?: number }): Promise<R>;
}
