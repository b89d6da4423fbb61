import { type Backoff, delayAfter, pause } from '../../backoff.js';
import { AlpesError } from '../../errors.js';

/** A connection that is opened again whenever it is lost, until it is closed. */
export interface Connection {
  /** Why it is not there at present. */
  failure(): AlpesError | undefined;
  close(): Promise<void>;
}

export interface ConnectionOptions<Opened extends { close(): Promise<void> }> {
  /** Opens it once; `onLost` is called when what was opened is no more. */
  open(onLost: (error: AlpesError) => void, signal: AbortSignal): Promise<Opened>;
  /** Ends the opening of the first. */
  readonly signal: AbortSignal;
  /** Called with each that was opened. */
  onOpen(opened: Opened): void;
}

/** A broker that was killed is back after 5 s at the earliest; one that only dropped us takes us at once. */
const RECONNECT: Backoff = { firstMs: 100, maxMs: 3_000 };

/** Connects; rejects if that fails the first time. */
export async function keepConnected<Opened extends { close(): Promise<void> }>({
  open,
  signal,
  onOpen,
}: ConnectionOptions<Opened>): Promise<Connection> {
  const closing = new AbortController();
  const unwanted = AbortSignal.any([closing.signal, signal]);
  let current: Opened | undefined;
  let failure: AlpesError | undefined;

  const connect = async (): Promise<void> => {
    const opened = await open(lose, unwanted);
    [current, failure] = [opened, undefined];
    onOpen(opened);
    if (unwanted.aborted) await opened.close();
  };
  const reconnect = async (): Promise<void> => {
    for (let failures = 1; ; failures += 1) {
      await pause(delayAfter(failures, RECONNECT), unwanted);
      if (unwanted.aborted) return;
      try {
        return await connect();
      } catch (thrown) {
        failure = AlpesError.from(thrown);
      }
    }
  };
  const lose = (error: AlpesError): void => {
    [current, failure] = [undefined, error];
    void reconnect();
  };

  await connect();
  return {
    failure: () => failure,
    close: async () => {
      closing.abort();
      await current?.close();
    },
  };
}
