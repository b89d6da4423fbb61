/** Amounts are in minor units of the order's currency. */
export interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/** What an event tells of an order: its whole state at one version. */
export interface OrderPart {
  /** The order's id. */
  readonly id: string;
  readonly clientId: number;
  readonly address: string;
  readonly currency: string;
  readonly status: 'PENDING' | 'APPROVED' | 'REJECTED';
  readonly total: number;
  readonly lines: readonly Line[];
  readonly orderVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What an event tells of an order's transaction. */
export interface TransactionPart {
  /** The order's id. */
  readonly id: string;
  readonly transactionId: string;
  readonly transactionState: 'APPROVED' | 'REJECTED';
  readonly transactionAmount: number;
  readonly transactionCurrency: string;
  readonly transactionVersion: number;
  readonly processedAt: Date;
}

/**
 * A row of a report: an order, and its transaction as far as that is known. It is there to be written down: times are texts
 * (ISO 8601, with ms, in UTC), and the lines are one, of JSON.
 */
export type ReportRow = WrittenDown<OrderPart> & {
  readonly [Column in Exclude<keyof TransactionPart, 'id'>]: WrittenDown<TransactionPart>[Column] | null;
};

type WrittenDown<Part> = {
  readonly [Column in keyof Part]: Part[Column] extends Date | readonly Line[] ? string : Part[Column];
};

/**
 * Of each id the part with the highest version; of equal versions the last: who was restored from a backup says once more
 * what he had said, with other times.
 */
export function newestOfEach<Part extends { readonly id: string }>(
  parts: readonly Part[],
  versionOf: (part: Part) => number,
): Part[] {
  const newest = new Map<string, Part>();
  for (const part of parts) {
    const known = newest.get(part.id);
    if (known === undefined || versionOf(known) <= versionOf(part)) newest.set(part.id, part);
  }
  return [...newest.values()];
}
