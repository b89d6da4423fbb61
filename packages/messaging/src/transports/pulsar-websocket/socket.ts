import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { AlpesError } from '../../errors.js';
import { reasonOf } from '../pulsar/http.js';
import { refusal } from '../pulsar/refusal.js';

/** Where the WebSocket API is, and who we are. */
export interface Endpoint {
  /** `ws://host:port` */
  readonly url: string;
  readonly token: string | undefined;
  readonly tlsCa: string | undefined;
}

export interface SocketHandlers {
  /** The first message may come before the connection is known to be open. */
  onMessage(text: string, socket: Pick<Socket, 'pause'>): void;
  /** Called once, when the open socket is no more, for whatever reason. */
  onClose(error: AlpesError): void;
}

/** An open connection to the WebSocket API. */
export interface Socket {
  /** Sends, unless it is closed. */
  send(text: string): void;
  /** Takes nothing more from the other side until it is resumed: what is sent meanwhile stays there, or in the kernel. */
  pause(): void;
  resume(): void;
  /** Ends it in good order. Resolves when the other side has agreed, or is too slow. */
  close(): Promise<void>;
  /** Ends it at once, for this reason. */
  destroy(error: AlpesError): void;
}

/**
 * A broker that takes no connection within this time, in ms, is away. One that has just started, and has all its topics
 * to load and all its clients to take, takes some seconds; whoever gives up and asks again makes it worse.
 */
const OPEN_TIMEOUT_MS = 30_000;
/**
 * How often we show that we live, in ms: several times within the shortest idle time after which a broker closes a
 * connection (20 s in ours). Whoever has not answered by the next time is gone.
 */
const PING_MS = 6_000;
/** How long in ms the other side may take to agree to an end. */
const CLOSE_TIMEOUT_MS = 500;

/** Opens a connection; rejects with `unavailable`, also when the signal is aborted, which an open one survives. */
export async function openSocket(
  { url, token, tlsCa }: Endpoint,
  path: string,
  handlers: SocketHandlers,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = new WebSocket(`${url}/ws/v2/${path}`, {
    perMessageDeflate: false,
    handshakeTimeout: OPEN_TIMEOUT_MS,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(tlsCa !== undefined && { ca: tlsCa }),
  });
  let failure: AlpesError | undefined;
  const destroy = (error: AlpesError): void => {
    failure ??= error;
    socket.terminate();
  };
  const send = createSend(socket);
  const pause = (): void => socket.pause();
  socket.on('message', (data: Buffer) => {
    try {
      handlers.onMessage(data.toString(), { pause });
    } catch (thrown) {
      destroy(AlpesError.from(thrown));
    }
  });
  const closed = new Promise<AlpesError>((resolve) => {
    socket.on('close', (code, reason) => {
      const why = `${code} ${reason.toString()}`.trimEnd();
      resolve(failure ?? new AlpesError('unavailable', `${url} closed the connection (${why})`));
    });
  });
  await opened(socket, url, path, signal);
  const stopPinging = keepPinging(socket, () => {
    destroy(new AlpesError('unavailable', `${url} does not answer any more`));
  });
  void closed.then((error) => {
    stopPinging();
    handlers.onClose(error);
  });
  return {
    ...{ send, pause, resume: () => socket.resume() },
    close: async () => {
      socket.close();
      const late = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
      await closed;
      clearTimeout(late);
    },
    destroy,
  };
}

/** What is sent in one turn of the event loop goes out together: each write to the kernel costs more than a frame. */
function createSend(socket: WebSocket): Socket['send'] {
  let stream: Duplex | undefined;
  socket.once('upgrade', (response) => {
    stream = response.socket;
  });
  let isHeld = false;
  const release = (): void => {
    isHeld = false;
    stream?.uncork();
  };
  return (frame) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!isHeld) {
      isHeld = true;
      stream?.cork();
      setImmediate(release);
    }
    socket.send(frame);
  };
}

/** Errors of an open socket are told by its closing. */
async function opened(socket: WebSocket, url: string, path: string, signal: AbortSignal): Promise<void> {
  const stop = (): void => socket.terminate();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await answered(socket, url, path);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function answered(socket: WebSocket, url: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('unexpected-response', (_, response) => {
      void refusedBy(url, path, response).then((error) => {
        reject(error);
        socket.terminate();
      });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const text = `Pulsar's WebSocket API does not answer at ${url}: ${error.code ?? error.message}`;
      reject(new AlpesError('unavailable', text, { cause: error }));
    });
  });
}

async function refusedBy(url: string, path: string, response: IncomingMessage): Promise<AlpesError> {
  const status = response.statusCode ?? 0;
  const reason = reasonOf({ status, body: await text(response).catch(() => '') });
  const [what = ''] = path.split('?');
  const other = status === 404 ? 'the topic does not exist; declare it first' : `${url} refuses (${status}): ${reason}`;
  return refusal(url, { status, reason, what }) ?? new AlpesError('unavailable', other);
}

function keepPinging(socket: WebSocket, onSilence: () => void): () => void {
  let heard = true;
  const hear = (): void => {
    heard = true;
  };
  socket.on('pong', hear);
  socket.on('message', hear);
  const timer = setInterval(() => {
    if (!heard) return onSilence();
    // Who does not listen can't say that nobody speaks.
    heard = socket.isPaused;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}
