import type { ReportRow } from './report.js';

/** A way to write reports down. */
export interface ReportFormat {
  /** What a client asks for; unique. */
  readonly name: string;
  readonly contentType: string;
  /** Of the file, without a dot. */
  readonly extension: string;
  /** Writes any number of rows in constant memory: what some rows need is written before the next are asked for. */
  write(pages: AsyncIterable<readonly ReportRow[]>): AsyncIterable<string | Uint8Array>;
  /** Writes the report of a single order, where that is something else than a table of one row. */
  writeOne?(row: ReportRow): AsyncIterable<string | Uint8Array>;
}
