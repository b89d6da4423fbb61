import { AlpesError } from '../../errors.js';

/** The messages of one connection that wait for their confirmation. */
export interface Outstanding {
  /** Resolves when there is room for one more, or never will be. */
  room(): Promise<void>;
  /** Adds one, which `send` sends under a context; resolves to what became of it. */
  add(bytes: number, send: (context: string) => void): Promise<AlpesError | undefined>;
  confirm(context: string): void;
  /** All that wait have failed, and all that come: the connection is over. */
  fail(error: AlpesError): void;
  isOver(): boolean;
}

/** Most bytes that wait; more would wait no shorter. */
const MOST_BYTES = 8 * 1024 * 1024;
/** A broker that confirms none of what it was sent within this time, in ms, is away. */
const CONFIRMATION_TIMEOUT_MS = 20_000;

interface Waiting {
  readonly bytes: number;
  settle(error?: AlpesError): void;
}

/** At most so many messages wait. `onSilence` is called when nothing is confirmed any more. */
export function createOutstanding(mostMessages: number, onSilence: () => void): Outstanding {
  const waiting = new Map<string, Waiting>();
  const queue: (() => void)[] = [];
  let bytes = 0;
  let added = 0;
  let over: AlpesError | undefined;
  let timer: NodeJS.Timeout | undefined;

  const isFull = (): boolean => over === undefined && (waiting.size >= mostMessages || bytes >= MOST_BYTES);
  const watch = (): void => {
    clearTimeout(timer);
    timer = waiting.size === 0 ? undefined : setTimeout(onSilence, CONFIRMATION_TIMEOUT_MS);
  };
  const settle = (context: string, error?: AlpesError): void => {
    const one = waiting.get(context);
    if (one === undefined) return;
    waiting.delete(context);
    bytes -= one.bytes;
    one.settle(error);
  };
  const letIn = (): void => {
    while (queue.length > 0 && !isFull()) queue.shift()?.();
  };
  return {
    room: async () => {
      while (isFull()) await new Promise<void>((resolve) => queue.push(resolve));
    },
    add: async (size, send) => {
      if (over !== undefined) return over;
      const context = String((added += 1));
      const settled = new Promise<AlpesError | undefined>((resolve) => {
        waiting.set(context, { bytes: size, settle: resolve });
      });
      bytes += size;
      if (waiting.size === 1) watch();
      send(context);
      return settled;
    },
    confirm: (context) => {
      settle(context);
      watch();
      letIn();
    },
    fail: (error) => {
      over ??= error;
      for (const context of [...waiting.keys()]) settle(context, over);
      watch();
      letIn();
    },
    isOver: () => over !== undefined,
  };
}
