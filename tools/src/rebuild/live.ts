import type { Inspector, Replayed } from '@alpes/messaging';
import { setTimeout as delay } from 'node:timers/promises';
import { unlessInterrupted } from '../interrupt.js';

const POLL_MS = 500;

export interface WaitOptions {
  readonly transport: Pick<Inspector, 'hasAcknowledged' | 'backlog'>;
  readonly service: string;
  readonly done: Replayed;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Told, at each look, of what is waited for. */
  readonly onWait: (behind: readonly string[]) => void;
}

/** Waits until the live service has handled all that was handled here; what it has not when the time is over, in words. */
export async function untilHandled(options: WaitOptions): Promise<readonly string[]> {
  const { waitMs, signal, onWait } = options;
  const deadline = performance.now() + waitMs;
  for (;;) {
    const behind = await unlessInterrupted(lookBehind(options), signal);
    if (behind.length === 0 || performance.now() >= deadline) return behind;
    onWait(behind);
    await unlessInterrupted(delay(POLL_MS), signal);
  }
}

async function lookBehind({ transport, service, done }: WaitOptions): Promise<string[]> {
  const each = done.map(async ({ topic, partitions }) => {
    const ends = partitions.map(({ last }) => last);
    const handled = await transport.hasAcknowledged(topic, service, ends);
    const missing = [...handled.keys()].filter((partition) => handled[partition] !== true);
    if (missing.length === 0) return [];
    const backlog = await transport.backlog(topic, service);
    return [`${topic}, partition ${missing.join(', ')} (backlog of the topic: ${backlog.toLocaleString('en')})`];
  });
  return (await Promise.all(each)).flat();
}
