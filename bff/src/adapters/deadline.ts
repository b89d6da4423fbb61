import { AlpesError } from '@alpes/messaging';

/** The work's result, or `unavailable` after `ms`; the work's signal is aborted then. */
export async function withDeadline<T>(
  { ms, what }: { ms: number; what: string },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new AlpesError('unavailable', `${what} did not answer within ${ms} ms`);
      controller.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
