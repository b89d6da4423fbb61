import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, delayAfter, pause } from '../../backoff.js';
import { AlpesError } from '../../errors.js';
import type { Link } from './link.js';
import type { Wire } from './wire.js';

/** Publishes to one topic. It is closed once it connects no more. */
export type Producer = Pick<Link, 'publish' | 'close'>;

/** Whoever publishes waits for a connection this long in ms at most; the try to connect goes on. */
const PATIENCE_MS = 10_000;
/** How long in ms to wait before the next try to connect. */
const RECONNECT: Backoff = { firstMs: 50, maxMs: 1_000 };

/** Keeps a link open while there is something to publish, until the signal is aborted. */
export function createProducer(wire: Wire, topic: string, signal: AbortSignal): Producer {
  let link: Promise<Link> | undefined;
  let failures = 0;

  const open = async (): Promise<Link> => {
    if (failures > 0) await pause(delayAfter(failures, RECONNECT), signal);
    try {
      const opened = await wire.openLink(topic, signal);
      failures = 0;
      return opened;
    } catch (thrown) {
      failures += 1;
      throw thrown;
    }
  };
  const connect = (): Promise<Link> => {
    const connecting = open();
    connecting.catch(() => forget(connecting));
    return connecting;
  };
  /** Only this one: many may find it over, and the first of them has connected anew. */
  const forget = (old: Promise<Link>): void => {
    if (link === old) link = undefined;
  };
  const linked = async (): Promise<Link> => {
    const known = link;
    if (known !== undefined && (await known).isOver()) forget(known);
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
