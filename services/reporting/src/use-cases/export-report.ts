import { AlpesError } from '@alpes/messaging';
import type { ReportRow } from '../domain/report.js';
import type { ReportFormat } from '../domain/report-format.js';
import { knownFormat } from './known-format.js';

/** A report, written down. */
export interface Export {
  /** Plain ASCII without separators: safe in a header and in any file system. */
  readonly fileName: string;
  readonly contentType: string;
  readonly body: AsyncIterable<string | Uint8Array>;
}

interface Parts {
  readonly read: (id: string) => Promise<ReportRow | undefined>;
  readonly formats: readonly ReportFormat[];
}

/** The report of one order in the format of this name; throws `unsupported-format` and `not-found`. */
export function exportReport({ read, formats }: Parts) {
  return async (id: string, formatName: string): Promise<Export> => {
    const { contentType, extension, write, writeOne } = knownFormat(formats, formatName);
    const row = await read(id);
    if (row === undefined) {
      throw new AlpesError('not-found', `there is no report of order ${id}`, {
        details: [{ path: 'params.id', message: 'no order of this id has been reported' }],
      });
    }
    return { fileName: `order-${id}.${extension}`, contentType, body: writeOne?.(row) ?? write(only([row])) };
  };
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value;
}
