import { AlpesError } from '@alpes/messaging';
import type { ReportFormat } from '../domain/report-format.js';

/** The format of this name; throws `unsupported-format`. */
export function knownFormat(formats: readonly ReportFormat[], name: string): ReportFormat {
  const format = formats.find((one) => one.name === name);
  if (format !== undefined) return format;
  const message = `must be one of: ${formats.map((one) => one.name).join(', ')}`;
  throw new AlpesError('unsupported-format', `there is no report format "${name}"; it ${message}`, {
    details: [{ path: 'query.format', message }],
  });
}
