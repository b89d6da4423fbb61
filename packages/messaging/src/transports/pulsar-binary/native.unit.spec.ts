import { describe, expect, it } from '@jest/globals';
import { AlpesError } from '../../errors.js';
import { loadPulsarClient } from './native.js';

const refusalOf = (from: string): Promise<AlpesError> =>
  loadPulsarClient(from).then(
    () => new AlpesError('unknown', `${from} was loaded`),
    (thrown: unknown) => AlpesError.from(thrown),
  );

describe('the native client of Pulsar', () => {
  it('says, where it is absent, how to get it and what does without', async () => {
    const { code, message } = await refusalOf('no-such-package');
    expect(code).toBe('configuration');
    expect(message).toContain('npm run pulsar-client');
    expect(message).toContain('npm rebuild pulsar-client --ignore-scripts=false');
    expect(message).toContain('ws://');
  });

  it('says the same where the package is there and its binary is not', async () => {
    const withoutBinary = `data:text/javascript,throw Object.assign(new Error('Cannot find module lib/binding/pulsar.node\\nRequire stack: …'), { code: 'MODULE_NOT_FOUND' })`;
    const { code, message } = await refusalOf(withoutBinary);
    expect(code).toBe('configuration');
    expect(message).toContain('npm run pulsar-client');
    expect(message).toMatch(/\(MODULE_NOT_FOUND: Cannot find module lib\/binding\/pulsar\.node\)$/);
  });
});
