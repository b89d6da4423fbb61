import { AlpesError, armCrashPoint, describeError } from '@alpes/messaging';
import type { ProcessSettings } from './config.js';
import { createLogger, type Logger } from './logging.js';

/** What a process is while it runs. */
export interface RunningProcess {
  /** Where its HTTP server listens. */
  readonly port: number;
  /** Takes nothing more, finishes what is in hand, closes everything. */
  stop(): Promise<void>;
}

/**
 * Runs a process: reads all of its settings at once, starts it, tells its supervisor, if it has one, that it is ready, and stops it, once, at SIGTERM, at
 * SIGINT or when the supervisor is gone. Exit code 0 after an orderly stop; 1 if the start failed, something was thrown
 * that nobody caught, or stopping took longer than GRACE_MS.
 */
export async function runProcess<Settings extends ProcessSettings>(
  name: string,
  readSettings: (env: NodeJS.ProcessEnv) => Settings,
  start: (settings: Settings, logger: Logger) => Promise<RunningProcess>,
): Promise<void> {
  try {
    const settings = readSettings(process.env);
    const logger = createLogger(name, settings.LOG_LEVEL);
    exitOnUncaught(logger);
    if (settings.CRASH_POINT !== undefined) armCrashPoint(settings.CRASH_POINT);
    const running = await start(settings, logger);
    stopOnSignal(running, settings.GRACE_MS, logger);
    logger.info({ port: running.port }, 'ready');
    // With a callback, so that a supervisor that has gone meanwhile is no error.
    process.send?.({ type: 'ready', port: running.port }, () => {});
  } catch (thrown) {
    const error = AlpesError.from(thrown);
    process.stderr.write(`${name}: ${error.code === 'configuration' ? error.message : describeError(error).stack}\n`);
    process.exit(1);
  }
}

function exitOnUncaught(logger: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      logger.fatal({ err }, event);
      process.exit(1);
    });
  }
}

function stopOnSignal(running: RunningProcess, graceMs: number, logger: Logger): void {
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ why }, 'stopping');
    setTimeout(() => {
      logger.error({ graceMs }, 'not stopped in time');
      process.exit(1);
    }, graceMs).unref();
    void running.stop().then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (err: unknown) => {
        logger.error({ err }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const orphaned = (): void => stop('supervisor gone');
  process.once('disconnect', orphaned);
  // It may have gone while we started, when nobody listened.
  if (process.send !== undefined && !process.connected) orphaned();
}
