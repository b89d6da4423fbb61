// What the databases say of one order. Every value is text, as PostgreSQL writes it: columns of two databases that hold
// the same are equal strings, whatever the range of a number or the order of a document's fields.

/** An order, as its own service has it. */
export interface OrderRow {
  readonly orderId: string;
  readonly clientId: string;
  readonly address: string;
  readonly currency: string;
  readonly status: string;
  readonly total: string;
  readonly lines: string;
  readonly version: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A transaction of the kind CHARGE. */
export interface TransactionRow {
  readonly orderId: string;
  readonly id: string;
  readonly amount: string;
  readonly currency: string;
  readonly state: string;
  readonly version: string;
  readonly updatedAt: string;
}

/** What the gateway has in its books under one idempotency key. */
export interface ChargeRow {
  readonly orderId: string;
  readonly key: string;
  readonly amount: string;
  readonly currency: string;
  readonly outcome: string;
}

/** What is reported of an order; null where no message has told of it. */
export interface ReportRow {
  readonly orderId: string;
  readonly clientId: string | null;
  readonly address: string | null;
  readonly currency: string | null;
  readonly status: string | null;
  readonly total: string | null;
  readonly lines: string | null;
  readonly orderVersion: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly transactionId: string | null;
  readonly transactionState: string | null;
  readonly transactionAmount: string | null;
  readonly transactionCurrency: string | null;
  readonly transactionVersion: string | null;
  readonly processedAt: string | null;
}

/** A step of an order's timeline. */
export interface StepRow {
  readonly orderId: string;
  readonly messageId: string;
  readonly message: string;
  readonly state: string;
  readonly causationId: string | null;
  readonly traceId: string;
}

/** The rows of each table. */
export interface Rows {
  readonly orders: OrderRow;
  readonly transactions: TransactionRow;
  readonly charges: ChargeRow;
  readonly reports: ReportRow;
  readonly steps: StepRow;
}

/** All that is known of one order. */
export type OrderFacts = {
  readonly orderId: string;
  /** Whether the ledger says that it was accepted. */
  readonly accepted: boolean;
} & { readonly [Table in keyof Rows]: readonly Rows[Table][] };

/** Whether an order or a transaction has come to its end. */
export const isFinal = (state: string): boolean => state !== 'PENDING';

/** The newest of the rows of a table that should have one, although it may have more. */
export function newest<Row>(rows: readonly Row[], versionOf: (row: Row) => string | null): Row | undefined {
  return rows.toSorted((one, other) => Number(versionOf(other)) - Number(versionOf(one)))[0];
}
