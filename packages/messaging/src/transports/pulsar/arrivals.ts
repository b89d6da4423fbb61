import type { ReceivedMessage } from '../../subscriber.js';

/**
 * Most messages of a partition that are on their way to us or wait here to be received: few, so that a consumer that
 * stands still is soon sent nothing any more.
 */
export const WINDOW = 64;

/** With so many bytes of payloads waiting, what brings more is held up: of large messages a few are enough. */
const MOST_BYTES = 1024 * 1024;

/** What arrived on one partition and waits to be received. */
export interface Arrivals {
  add(message: ReceivedMessage): void;
  take(): ReceivedMessage | undefined;
  size(): number;
  /** Whether their bytes are as many as may wait. */
  isLarge(): boolean;
}

export function createArrivals(): Arrivals {
  const waiting: ReceivedMessage[] = [];
  let bytes = 0;
  return {
    add: (message) => {
      waiting.push(message);
      bytes += message.payload.byteLength;
    },
    take: () => {
      const message = waiting.shift();
      bytes -= message?.payload.byteLength ?? 0;
      return message;
    },
    size: () => waiting.length,
    isLarge: () => bytes >= MOST_BYTES,
  };
}
