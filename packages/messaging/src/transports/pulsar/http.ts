import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { AlpesError } from '../../errors.js';
import { refusal } from './refusal.js';
import { whileBusy } from './while-busy.js';

/** How the admin API is reached. */
export interface HttpOptions {
  readonly baseUrl: string;
  readonly token: string | undefined;
  readonly tlsCa: string | undefined;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** Longest wait in ms for a whole answer; 10 s unless told. */
  readonly answerTimeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  /** The text that came, or what the broker says is wrong. */
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** Asks; rejects with `unavailable` if there is no answer, or one that says that the broker can't. */
export type Ask = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: string) => Promise<Answer>;

/** A broker answers such questions within milliseconds; one without an answer after this time, in ms, is away. */
const ANSWER_TIMEOUT_MS = 10_000;
/** A broker that does not own a topic sends us on to the one that does. */
const MOST_REDIRECTS = 5;

export function createAsk(options: HttpOptions): Ask {
  return async (method, path, body) => {
    const ask = () => follow(options, method, new URL(path, options.baseUrl), body);
    const { answer, url } = await whileBusy(ask, (found) => isBusy(found.answer));
    return judge(answer, url);
  };
}

/** Of those who make the same thing at once, some are told so, not that it is there. */
function isBusy({ status, body }: Answer): boolean {
  if (status === 412) return body.includes('Subscription Busy');
  return status === 500 && body.includes('BadVersionException');
}

async function follow(
  options: HttpOptions,
  method: string,
  first: URL,
  body: string | undefined,
): Promise<{ answer: Answer; url: URL }> {
  let url = first;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange(options, method, url, body);
    const { location } = answer.headers;
    if (answer.status !== 307 || location === undefined || redirects === MOST_REDIRECTS) return { answer, url };
    url = new URL(location, url);
  }
}

/** One request and the whole of its answer. */
async function exchange(options: HttpOptions, method: string, url: URL, body?: string): Promise<Answer> {
  const { answerTimeoutMs = ANSWER_TIMEOUT_MS } = options;
  const late = AbortSignal.timeout(answerTimeoutMs);
  const signal = AbortSignal.any([options.signal, late]);
  try {
    const response = await send({ ...options, signal }, method, url, body);
    const { headers, statusCode: status = 0 } = response;
    return { status, headers, body: await text(response) };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = late.aborted
      ? `no answer within ${answerTimeoutMs / 1_000} s to ${method} ${url.pathname}`
      : (code ?? message);
    throw new AlpesError('unavailable', `Pulsar's admin API does not answer at ${url.origin}: ${why}`, { cause });
  }
}

function send(options: HttpOptions, method: string, url: URL, body?: string): Promise<IncomingMessage> {
  const { token, tlsCa, signal } = options;
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false, signal, ...(tlsCa !== undefined && { ca: tlsCa }) });
    sent.on('error', reject);
    sent.on('response', resolve);
    sent.end(body);
  });
}

function judge(answer: Answer, url: URL): Answer {
  const { status } = answer;
  const refused = refusal(`Pulsar at ${url.origin}`, { status, reason: reasonOf(answer), what: url.pathname });
  if (refused !== undefined) throw refused;
  if (status >= 500)
    throw new AlpesError('unavailable', `Pulsar at ${url.origin} can't (${status}): ${reasonOf(answer)}`);
  return answer;
}

/** What the broker says is wrong, in its first line. */
export function reasonOf({ status, body }: Pick<Answer, 'status' | 'body'>): string {
  const reason = /"reason"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? /<title>([^<]*)/.exec(body)?.[1] ?? body;
  return (
    reason.replaceAll('&quot;', '"').replaceAll('&apos;', "'").trim().split('\n')[0]?.slice(0, 300) ||
    `status ${status}`
  );
}

/**
 * What the answer says; undefined if its status is the one that is as good as success. Throws `configuration` if it is a
 * refusal, `unavailable` if it does not come from Pulsar.
 */
export function parse(answer: Answer, tolerated?: number): unknown {
  if (answer.status === tolerated) return undefined;
  if (answer.status >= 400)
    throw new AlpesError('configuration', `Pulsar refuses (${answer.status}): ${reasonOf(answer)}`);
  try {
    return answer.body === '' ? undefined : JSON.parse(answer.body);
  } catch (cause) {
    throw new AlpesError('unavailable', `what answers is not Pulsar's admin API: ${reasonOf(answer)}`, { cause });
  }
}
