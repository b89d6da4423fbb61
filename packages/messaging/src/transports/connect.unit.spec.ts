import { describe, expect, it } from '@jest/globals';
import { AlpesError } from '../errors.js';
import { connectTransport } from './connect.js';

function refusal(url: string): AlpesError {
  try {
    connectTransport(url);
  } catch (error) {
    return AlpesError.from(error);
  }
  throw new Error(`${url} was accepted`);
}

describe('connectTransport', () => {
  it('refuses a scheme that has no transport, and does not repeat the password', () => {
    const error = refusal('amqp://user:secret@broker');
    expect(error.code).toBe('configuration');
    expect(error.message).toContain('"amqp:"');
    expect(error.message).toContain('embedded:');
    expect(error.message).not.toContain('secret');
  });

  it('refuses a URL of Pulsar without a host', () => {
    for (const url of ['ws:', 'wss://']) expect(refusal(url).message).toContain('it is like ws://localhost:8080');
  });

  it('refuses an embedded broker without a database', () => {
    expect(refusal('embedded:').message).toContain('embedded:postgresql://');
    expect(refusal('nothing').code).toBe('configuration');
  });
});
