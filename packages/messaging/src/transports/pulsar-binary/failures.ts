import { AlpesError } from '../../errors.js';
import { refusal } from '../pulsar/refusal.js';

/** Names of results that mean that nobody answered. */
const NO_ANSWER = new Set(['ConnectError', 'TimeOut', 'NotConnected', 'ResultDisconnected', 'ReadError', 'Retryable']);

/** Those that mean what the other APIs say by a status. */
const REFUSALS: Readonly<Record<string, number>> = { AuthenticationError: 401, AuthorizationError: 403 };

/**
 * What the native client says of a failure ends with the name of a result
 * (https://github.com/apache/pulsar-client-cpp/blob/v4.2.0/lib/Result.cc). All of them may be gone at the next try.
 */
export function failureOf(url: string, topic: string, thrown: unknown): AlpesError {
  const result = resultOf(thrown);
  const other = NO_ANSWER.has(result) ? `Pulsar does not answer at ${url}` : `Pulsar at ${url} can't`;
  const text = isMissingTopic(thrown) ? 'the topic does not exist; declare it first' : `${other}: ${result}`;
  const options = { cause: thrown };
  const refused = { status: REFUSALS[result], reason: result, what: topic };
  return refusal(url, refused, options) ?? new AlpesError('unavailable', text, options);
}

export function awayFrom(url: string): AlpesError {
  return new AlpesError('unavailable', `${url} is not connected`);
}

export function isMissingTopic(thrown: unknown): boolean {
  return resultOf(thrown) === 'TopicNotFound';
}

export function isNoRight(thrown: unknown): boolean {
  return resultOf(thrown) === 'AuthorizationError';
}

function resultOf(thrown: unknown): string {
  // Not `instanceof Error`: tests run in a realm of their own.
  const { message = String(thrown) } = thrown as Partial<Error>;
  return /: (\w+)$/.exec(message)?.[1] ?? message;
}
