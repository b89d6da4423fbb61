import { type Logger, pino, stdSerializers } from 'pino';

export type { Logger } from 'pino';

/** A logger that writes one JSON object a line to stdout: time, level, the process's name, message and fields. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: stdSerializers.err },
  });
}
