import { describe, it, jest } from '@jest/globals';
import { prepareTortureRuns } from './testing/torture-runs.js';

// On a busy machine a broker alone takes two minutes to start.
jest.setTimeout(900_000);

const { start, expectWell } = prepareTortureRuns();

describe('the torture on Pulsar', () => {
  it('of 5 faults of any kind, with a new seed, loses nothing, doubles nothing and keeps the order', async () => {
    await expectWell(start('--pulsar', 'websocket', '--kills', '5'), 5);
  });
});
