/** It was told to stop. */
export class Interrupted extends Error {}

/** Ctrl-C, or a terminal that is closed: stops what is under way, unless that can be ended in good order. */
export interface Interrupts {
  /** Aborted when all is to stop. */
  readonly stop: AbortSignal;
  /** From now on the first one does not stop, but aborts this signal. */
  untilEnd(): AbortSignal;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm hands a terminal's Ctrl-C on to who got it already: two this close in ms are one. */
const ECHO_MS = 1_000;

/** A further one ends the process at once. */
export function onInterrupt(tell: (text: string) => void): Interrupts {
  const stopping = new AbortController();
  let ending: AbortController | undefined;
  let last = -Infinity;
  const heard = (): void => {
    const isEcho = performance.now() - last < ECHO_MS;
    last = performance.now();
    if (isEcho) return;
    if (stopping.signal.aborted) process.exit(130);
    if (ending !== undefined && !ending.signal.aborted) return ending.abort();
    tell('Stopping …');
    stopping.abort();
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return {
    stop: stopping.signal,
    untilEnd: () => (ending ??= new AbortController()).signal,
  };
}

/** Rejects with Interrupted as soon as the signal is aborted; the work is left to itself. */
export async function unlessInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Of work that nobody waits for any more nobody wants to know why it failed.
  work.catch(() => {});
  let stop = (): void => {};
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => reject(new Interrupted('it was stopped'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
