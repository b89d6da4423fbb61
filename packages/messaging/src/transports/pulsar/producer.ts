import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, delayAfter, pause } from '../../backoff.js';
import { AlpesError } from '../../errors.js';
import type { Link } from './link.js';
import type { Wire } from './wire.js';

/** Publishes to one topic. */
export type Producer = Pick<Link, 'publish' | 'close'>;

/** Whoever publishes waits for a connection this long in ms at most; the try to connect goes on. */
const PATIENCE_MS = 10_000;
/** How long in ms to wait before the next try to connect. */
const RECONNECT: Backoff = { firstMs: 50, maxMs: 1_000 };

/** Keeps a link open while there is something to publish. */
export function createProducer(wire: Wire, topic: string): Producer {
  const closing = new AbortController();
  let link: Promise<Link> | undefined;
  let failures = 0;

  const connect = async (): Promise<Link> => {
    if (failures > 0) await pause(delayAfter(failures, RECONNECT), closing.signal);
    try {
      const opened = await wire.openLink(topic, closing.signal);
      failures = 0;
      return opened;
    } catch (thrown) {
      failures += 1;
      link = undefined;
      throw thrown;
    }
  };
  const linked = async (): Promise<Link> => {
    if (link !== undefined && (await link).isOver()) link = undefined;
    return (link ??= connect());
  };
  return {
    publish: async (messages) => {
      try {
        return await (await inTime(linked(), wire)).publish(messages);
      } catch (thrown) {
        const error = AlpesError.from(thrown);
        return messages.map(() => error);
      }
    },
    close: async () => {
      closing.abort();
      const opened = await link?.catch(() => undefined);
      await opened?.close();
    },
  };
}

async function inTime(linked: Promise<Link>, { url }: Wire): Promise<Link> {
  const timing = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: timing.signal }).then(() => {
    throw new AlpesError('unavailable', `${url} has taken no connection within ${PATIENCE_MS} ms`);
  });
  try {
    return await Promise.race([linked, late]);
  } finally {
    timing.abort();
    late.catch(() => {});
  }
}
