import { describe, expect, it } from '@jest/globals';
import { failureOf } from './failures.js';

describe('a failure of the native client', () => {
  it.each([
    ['Failed to create producer: ConnectError', 'Pulsar does not answer at pulsar://broker: ConnectError'],
    ['Failed to create producer: TopicNotFound', 'the topic does not exist; declare it first'],
    [
      'Failed to create consumer: AuthorizationError',
      'pulsar://broker gives our role no right to orders: AuthorizationError',
    ],
    [
      'Failed to create producer: AuthenticationError',
      'pulsar://broker refuses our token (BROKER_TOKEN) for orders: AuthenticationError',
    ],
    ['Failed to send message: MessageTooBig', "Pulsar at pulsar://broker can't: MessageTooBig"],
    ['something else', "Pulsar at pulsar://broker can't: something else"],
  ])('"%s" is told as "%s"', (theirs, ours) => {
    const failure = failureOf('pulsar://broker', 'orders', new Error(theirs));
    expect(failure).toMatchObject({ code: 'unavailable', message: ours });
  });
});
