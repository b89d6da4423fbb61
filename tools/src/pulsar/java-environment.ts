import { join } from 'node:path';

/** With which a program of the distribution is run: where it logs, and with which options of Java. */
export function javaEnvironment(folder: string, memory: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PULSAR_LOG_DIR: join(folder, 'logs'),
    PULSAR_LOG_LEVEL: process.env['PULSAR_LOG_LEVEL'] ?? 'warn',
    PULSAR_MEM: memory,
    // The default collector takes all its memory at once and wants more processors.
    PULSAR_GC: '-XX:+UseSerialGC',
    PULSAR_GC_LOG: ' ',
  };
}
