import type { ReportFormat } from '../domain/report-format.js';
import type { OpenReports, ReportFilter } from '../domain/report-store.js';
import type { Export } from './export-report.js';
import { knownFormat } from './known-format.js';

interface Parts {
  readonly open: OpenReports;
  readonly formats: readonly ReportFormat[];
}

/**
 * The reports of many orders in the format of this name, as they are read. Throws `unsupported-format`, and what opening them
 * does. The signal has to be aborted once nobody reads any more: see `OpenReports`.
 */
export function exportOrders({ open, formats }: Parts) {
  return async (filter: ReportFilter, formatName: string, signal: AbortSignal): Promise<Export> => {
    const { contentType, extension, write } = knownFormat(formats, formatName);
    return { fileName: `orders.${extension}`, contentType, body: write(await open(filter, signal)) };
  };
}
