import type { ReportRow } from '../domain/report.js';

/** A row of a report with everything in it. */
export function aRow(change: Partial<ReportRow> = {}): ReportRow {
  return {
    ...{ id: '01890a5d-ac96-774b-bcce-b302099a8057', clientId: 7, address: 'Calle 1', currency: 'EUR' },
    ...{ status: 'APPROVED', total: 2500, orderVersion: 2 },
    lines: '[{"sku":"A-1","name":"Lamp, \\"large\\"","quantity":2,"unitPrice":1250}]',
    ...{ createdAt: '2026-01-01T10:00:00.123Z', updatedAt: '2026-01-01T10:00:01.456Z' },
    ...{ transactionId: '01890a5d-ac96-774b-bcce-b302099a8058', transactionState: 'APPROVED' },
    ...{ transactionAmount: 2500, transactionCurrency: 'EUR', transactionVersion: 2 },
    ...{ processedAt: '2026-01-01T10:00:01.400Z', ...change },
  };
}

/** The row of an order whose transaction is not known. */
export function aRowWithoutTransaction(): ReportRow {
  const none = { transactionId: null, transactionState: null, transactionAmount: null, transactionCurrency: null };
  return aRow({ ...none, transactionVersion: null, processedAt: null, status: 'PENDING', orderVersion: 1 });
}
