/** Lets one loop wait until there is something to do. A call of `wake` while it does not wait is remembered. */
export interface Wake {
  wake(): void;
  /** Resolves at the next wake, after `ms`, or when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createWake(): Wake {
  let pending = false;
  let resume: (() => void) | undefined;
  return {
    wake: () => {
      pending = true;
      resume?.();
    },
    wait: async (ms, signal) => {
      if (!pending && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', resume, { once: true });
        });
        if (resume !== undefined) signal.removeEventListener('abort', resume);
        resume = undefined;
      }
      pending = false;
    },
  };
}
