import { describeError } from '@alpes/messaging';
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/**
 * A logger that writes one JSON object a line to stdout: time, level, the process's name, message and fields. Of errors
 * it writes what {@link describeError} lets pass.
 */
export function createLogger(service: string, level: string): Logger {
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  };
  // Written at once: an asynchronous destination tries for ever to flush itself to a reader that has died.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}
