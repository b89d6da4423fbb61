import { AlpesError } from '../../errors.js';

/** What Pulsar said to a request. */
interface Refused {
  readonly status: number | undefined;
  readonly reason: string;
  /** What was asked for. */
  readonly what: string;
}

/** The admin API says 401 also to a role that it knows and that may not do this; then it names what it looked at. */
const NO_RIGHT = /^Unauthorized to validate\w+Operation/;

/**
 * What is told when Pulsar at `where` does not know who we are, or our role may not do this; undefined when it said
 * something else. An administrator may change that, so being refused is being unavailable too.
 */
export function refusal(
  where: string,
  { status, reason, what }: Refused,
  options?: ErrorOptions,
): AlpesError | undefined {
  if (status === 403 || (status === 401 && NO_RIGHT.test(reason))) {
    return new AlpesError('unavailable', `${where} gives our role no right to ${what}: ${reason}`, options);
  }
  if (status !== 401) return undefined;
  return new AlpesError('unavailable', `${where} refuses our token (BROKER_TOKEN) for ${what}: ${reason}`, options);
}
