import { testPulsar } from '@alpes/messaging/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { FOUND } from './testing/found.js';
import { prepareMatrixRuns, tellSeed } from './testing/matrix-runs.js';

// It takes two minutes; on a busy machine a broker alone takes that long to start.
jest.setTimeout(900_000);

const { expectEnd } = prepareMatrixRuns();

describe('the crash matrix on Pulsar', () => {
  it('loses nothing, doubles nothing and keeps the order when processes and the broker are killed, with a new seed', async () => {
    const points = ['--point', 'published', '--point', 'committed'];
    const actions = ['--action', 'kill', '--action', 'broker'];
    const result = await expectEnd(
      0,
      /^all +4 +4 +[\d,]+ +0 +0 +0 +0$/m,
      '--pulsar',
      'websocket',
      ...points,
      ...actions,
    );
    tellSeed(result);
    expect(result.output.match(/^Pulsar ended by itself \(SIGKILL\)/gm)).toHaveLength(2);
  });

  it.each(['inbox-off', 'publish-early'] as const)(
    'fails with the control %s on a broker that is there',
    async (name) => {
      const place = ['--broker', testPulsar().urls.websocket];
      const { output } = await expectEnd(1, FOUND[name], ...place, '--control', name);
      expect(output).toContain(`${place.join(' ')} --control ${name}\n`);
    },
  );

  it('fails with the control delete-early, which the death of the broker shows', async () => {
    await expectEnd(1, FOUND['delete-early'], '--pulsar', 'websocket', '--control', 'delete-early');
  });
});
