import { describe, it } from '@jest/globals';
import { AlpesError } from '../errors.js';
import { loadPulsarClient } from '../transports/pulsar-binary/native.js';

/** Tests of what needs the native client of Pulsar; where that can't be loaded, one that says why they were not run. */
export async function describeWithNativeClient(name: string, tests: () => unknown): Promise<void> {
  try {
    await loadPulsarClient();
  } catch (thrown) {
    describe('without the native client of Pulsar', () => {
      it.todo(`${name} is not tested: ${AlpesError.from(thrown).message}`);
    });
    return;
  }
  tests();
}
