import { setTimeout as delay } from 'node:timers/promises';
import { type Finding, finding } from './findings.js';

/** Work that is still to be done somewhere. */
export interface Remainder {
  /** For who waits for its end. */
  readonly text: string;
  /** What it is when it does not end; absent where each order tells of it. */
  readonly finding?: Finding;
}

/** What is to be seen from outside. */
export interface Look {
  readonly remains: readonly Remainder[];
  /** How far the topics were when the look began and when it ended: equal as long as nothing is published. */
  readonly began: string;
  readonly ended: string;
}

export interface QuietOptions<Frozen> {
  readonly look: () => Promise<Look>;
  /** Freezes what all databases have; they do it one after the other. */
  readonly freeze: () => Promise<Frozen>;
  readonly thaw: () => Promise<void>;
  /** In ms. */
  readonly waitMs: number;
  readonly pollMs: number;
  /** Told of what is waited for. */
  readonly onWait: (remains: readonly Remainder[]) => void;
}

/**
 * Waits until nothing is left to do and freezes the databases then. The looks before and after that make sure of it: if
 * nothing was left at both, and nothing was published from the beginning of the one to the end of the other, then nothing
 * changed while the databases were frozen one after the other. When the time is over they are frozen as they are, and what
 * is left is told.
 */
export async function untilQuiet<Frozen>(
  options: QuietOptions<Frozen>,
): Promise<{ readonly frozen: Frozen; readonly findings: readonly Finding[] }> {
  const { look, freeze, thaw, waitMs, pollMs, onWait } = options;
  const deadline = performance.now() + waitMs;
  for (;;) {
    const before = await look();
    const over = performance.now() >= deadline;
    if (over || before.remains.length === 0) {
      const frozen = await freeze();
      const after = await look();
      const moved = after.ended !== before.began;
      if (over || (after.remains.length === 0 && !moved)) return { frozen, findings: stuck(after, moved) };
      await thaw();
    }
    onWait(before.remains);
    await delay(Math.max(0, Math.min(pollMs, deadline - performance.now())));
  }
}

function stuck({ remains }: Look, moved: boolean): Finding[] {
  const text = 'Messages were still being published when the time to wait was over.';
  return [
    ...remains.flatMap(({ finding }) => (finding === undefined ? [] : [finding])),
    ...(moved ? [finding('not-at-rest', text)] : []),
  ];
}
