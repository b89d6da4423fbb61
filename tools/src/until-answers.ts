import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface Answering {
  /** Whose process it is, for a person. */
  readonly name: string;
  /** What it answers with a good status once it is ready. */
  readonly url: string;
  /** The longest time that it may take. */
  readonly timeoutMs: number;
}

/**
 * Waits for a server that was just started.
 *
 * @throws Error with what it has said on stderr, where that is a pipe, if it ends or takes too long; it is killed then
 */
export async function untilAnswers(child: ChildProcess, { name, url, timeoutMs }: Answering): Promise<void> {
  let said = '';
  child.once('error', (error) => (said += String(error)));
  child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && isAlive(child)) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return;
    await delay(20);
  }
  child.kill('SIGKILL');
  throw new Error(`${name} does not start:\n${said}`);
}

const isAlive = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;
