import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlpesError } from '../../errors.js';
import { within } from '../../within.js';
import { encodeMessageId, type MessageId } from '../pulsar/message-id.js';
import type { PulsarSettings } from '../pulsar/settings.js';
import { failureOf } from './failures.js';
import { loadPulsarClient, type NativeClient, type NativeMessageId, type PulsarClientModule } from './native.js';

/** Where the broker is, and who we are. */
export interface Endpoint extends Pick<PulsarSettings, 'token' | 'tlsCa'> {
  /** `pulsar://host:port` */
  readonly url: string;
}

/** The native client of one transport. */
export interface Client {
  /** Of the producers and consumers. */
  readonly shared: NativeClient;
  /** One more, with threads of its own; its owner closes it. */
  another(): NativeClient;
  toMessageId(id: MessageId | 'earliest' | 'latest'): NativeMessageId;
}

/** A client that is being loaded. */
export interface LoadingClient {
  /** Rejects with `configuration` where there is no add-on. */
  loaded(): Promise<Client>;
  close(): Promise<void>;
}

/** For how long in s the native client tries to connect, to look up a topic or to open something. */
const OPERATION_TIMEOUT_S = 30;
/** How long in ms the broker may take to agree to an end. */
const CLOSE_TIMEOUT_MS = 1_000;
/** The native client is to be silent: what is wrong is told by what rejects. */
const ERRORS_ONLY = 3;

/**
 * The library logs through the first client that its process made, also when another one has something to say; were that
 * one collected, the library would read freed memory. So it stays.
 */
let firstClient: NativeClient | undefined;

/** Loads the add-on, in the background. */
export function loadClient(endpoint: Endpoint): LoadingClient {
  const authorities = endpoint.tlsCa === undefined ? undefined : writeAuthorities(endpoint.tlsCa);
  const loading = loadPulsarClient().then((module): Client => {
    const another = (): NativeClient => makeClient(module, endpoint, authorities?.file);
    return {
      ...{ shared: another(), another },
      toMessageId: (id) => {
        if (id === 'earliest' || id === 'latest') return module.MessageId[id]();
        return module.MessageId.deserialize(encodeMessageId(id));
      },
    };
  });
  // Told to whoever wants it.
  loading.catch(() => {});
  return {
    loaded: () => loading,
    close: async () => {
      const client = await loading.catch(() => undefined);
      await closeQuietly(client?.shared);
      authorities?.remove();
    },
  };
}

function makeClient(
  module: PulsarClientModule,
  { url, token }: Endpoint,
  authorities: string | undefined,
): NativeClient {
  const client = new module.Client({
    serviceUrl: url,
    operationTimeoutSeconds: OPERATION_TIMEOUT_S,
    // By default it takes any certificate that a trusted authority has signed, whoever shows it.
    tlsValidateHostname: true,
    statsIntervalInSeconds: 0,
    logLevel: ERRORS_ONLY,
    ...(token !== undefined && { authentication: new module.AuthenticationToken({ token }) }),
    ...(authorities !== undefined && { tlsTrustCertsFilePath: authorities }),
  });
  firstClient ??= client;
  return client;
}

/** Closes it; a broker that is not there to agree need not. */
export async function closeQuietly(handle: { close(): Promise<unknown> } | undefined): Promise<void> {
  if (handle === undefined) return;
  await within(
    CLOSE_TIMEOUT_MS,
    handle.close().catch(() => {}),
  );
}

/** For whom the native client works, where and on what. */
interface Wanted {
  readonly signal: AbortSignal;
  readonly url: string;
  readonly topic: string;
}

/**
 * Waits for the native client, which tries for {@link OPERATION_TIMEOUT_S}, no longer than its work is wanted; what comes of it
 * after that is disposed of. Its failures are AlpesErrors.
 */
export async function whileWanted<T>(
  { signal, url, topic }: Wanted,
  work: Promise<T>,
  dispose?: (late: T) => Promise<void>,
): Promise<T> {
  const aborted = Symbol('aborted');
  let stop = (): void => {};
  const unwanted = new Promise<typeof aborted>((resolve) => {
    stop = () => resolve(aborted);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  try {
    const result = await Promise.race([work, unwanted]);
    if (result !== aborted) return result;
  } catch (thrown) {
    throw failureOf(url, topic, thrown);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  void work.then(dispose, () => {});
  throw new AlpesError('unavailable', `${url} is not wanted any more`);
}

/** The native client wants a file, and reads it at each connection. */
function writeAuthorities(pem: string): { file: string; remove(): void } {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'alpes-authorities-'));
    const file = join(folder, 'ca.pem');
    writeFileSync(file, pem, { mode: 0o600 });
    return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
  } catch (error) {
    const text = `pulsar+ssl:// needs a folder for the authorities that it trusts (TMPDIR): ${String(error)}`;
    throw new AlpesError('configuration', text, { cause: error });
  }
}
