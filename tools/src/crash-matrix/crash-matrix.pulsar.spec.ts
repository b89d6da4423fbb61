import { testPulsar } from '@alpes/messaging/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { FOUND } from './testing/found.js';
import { prepareMatrixRuns, tellSeed } from './testing/matrix-runs.js';

// It takes two minutes; on a busy machine a broker alone takes that long to start.
jest.setTimeout(900_000);

const { expectEnd } = prepareMatrixRuns();
const OWN = ['--pulsar', 'websocket'];

describe('the crash matrix on Pulsar', () => {
  it('loses nothing, doubles nothing and keeps the order when processes and the broker are killed, with a new seed', async () => {
    const cells = ['--point', 'published', '--point', 'committed', '--action', 'kill', '--action', 'broker'];
    const result = await expectEnd(0, /^all +4 +4 +[\d,]+ +0 +0 +0 +0$/m, ...OWN, ...cells);
    tellSeed(result);
    expect(result.output.match(/^Pulsar ended by itself \(SIGKILL\)/gm)).toHaveLength(2);
  });

  it('fails with the control inbox-off, on a broker that is there', async () => {
    const there = ['--broker', testPulsar().urls.websocket, '--control', 'inbox-off'];
    const { output } = await expectEnd(1, FOUND['inbox-off'], ...there);
    expect(output).toContain(`${there.join(' ')}\n`);
  });

  it('fails with the control delete-early, which the death of the broker shows', async () => {
    await expectEnd(1, FOUND['delete-early'], ...OWN, '--control', 'delete-early');
  });
});
