import { type Logger, pino, stdSerializers } from 'pino';

export type { Logger } from 'pino';

/** A logger that writes one JSON object a line to stdout: time, level, the process's name, message and fields. */
export function createLogger(service: string, level: string): Logger {
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: stdSerializers.err },
  };
  // Written at once: an asynchronous destination tries for ever to flush itself to a reader that has died.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}
