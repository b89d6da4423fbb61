import { AlpesError } from '../../errors.js';

/** Names of results that mean that nobody answered. */
const NO_ANSWER = new Set(['ConnectError', 'TimeOut', 'NotConnected', 'ResultDisconnected', 'ReadError', 'Retryable']);

/** Those for which people can do something, as the WebSocket API's transport says it. */
const TEXTS: Readonly<Record<string, (url: string) => string>> = {
  AuthenticationError: (url) => `${url} refuses our token`,
  AuthorizationError: (url) => `${url} refuses our token`,
  TopicNotFound: () => 'the topic does not exist; declare it first',
};

/**
 * What the native client says of a failure ends with the name of a result
 * (https://github.com/apache/pulsar-client-cpp/blob/v4.2.0/lib/Result.cc). All of them may be gone at the next try.
 */
export function failureOf(url: string, thrown: unknown): AlpesError {
  const result = resultOf(thrown);
  const other = NO_ANSWER.has(result) ? `Pulsar does not answer at ${url}` : `Pulsar at ${url} can't`;
  return new AlpesError('unavailable', TEXTS[result]?.(url) ?? `${other}: ${result}`, { cause: thrown });
}

export function awayFrom(url: string): AlpesError {
  return new AlpesError('unavailable', `${url} is not connected`);
}

export function isMissingTopic(thrown: unknown): boolean {
  return resultOf(thrown) === 'TopicNotFound';
}

function resultOf(thrown: unknown): string {
  // Not `instanceof Error`: tests run in a realm of their own.
  const { message = String(thrown) } = thrown as Partial<Error>;
  return /: (\w+)$/.exec(message)?.[1] ?? message;
}
