import { AlpesError } from '@alpes/messaging';
import type { ServerResponse } from 'node:http';
import { hangUp } from './hang-up.js';

/**
 * Answers with a body as it is made, and no faster than it is taken. Resolves once all is handed to the kernel, or nobody
 * is there any more to take it; the body is ended then, if it was not at its end. Rejects if the body fails, or nothing of
 * it is taken for `stallMs` ms: then it is hung up on the client.
 */
export async function sendStream(
  body: AsyncIterable<string | Uint8Array>,
  res: ServerResponse,
  { stallMs }: { stallMs: number },
): Promise<void> {
  try {
    for await (const chunk of body) {
      if (isGone(res)) break;
      if (!res.write(chunk)) await taken(res, 'drain', stallMs);
    }
    res.end();
    await taken(res, 'finish', stallMs);
  } catch (error) {
    if (isGone(res)) return;
    hangUp(res.req.socket);
    throw error;
  } finally {
    // Whoever has hung up before it began: nothing else says that it is over.
    res.end();
  }
}

const isGone = (res: ServerResponse): boolean => res.destroyed || res.closed;

/** Also resolves when there is nobody any more to wait for. */
function taken(res: ServerResponse, event: 'drain' | 'finish', stallMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (isGone(res) || res.writableFinished) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      res.off(event, end).off('close', end);
      resolve();
    };
    const timer = setTimeout(() => {
      reject(new AlpesError('unavailable', `nothing of the answer was taken for ${stallMs} ms`));
      end();
    }, stallMs);
    res.once(event, end).once('close', end);
  });
}
