import { createTestDatabase, describeWithNativeClient, type TestDatabase, testPulsar } from '@alpes/messaging/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { useCluster } from '../postgres/testing/use-cluster.js';
import { STOPPED_WELL, type Stopped, stopWithoutBroker } from './testing/stop-without-broker.js';

// Each test starts processes, and a broker may be started too.
jest.setTimeout(600_000);

const pulsar = testPulsar();
let database: TestDatabase;
useCluster();
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

async function stopWhileFrozen(url: string): Promise<Stopped> {
  const tenant = `test-${randomBytes(6).toString('hex')}`;
  const admin = { PULSAR_ADMIN_URL: pulsar.urls.admin, PULSAR_TENANT: tenant, BROKER_PARTITIONS: '2' };
  let thaw = (): void => {};
  return stopWithoutBroker(database.url, {
    ...{ env: { BROKER_URL: url, ...admin }, url },
    settings: { partitions: 2, pulsar: { tenant, adminUrl: pulsar.urls.admin } },
    freeze: () => ({ thaw } = pulsar.freeze()),
    thaw: () => thaw(),
  });
}

const ENDS_WELL = { ...STOPPED_WELL, published: expect.arrayContaining(['later']) };

describe('over ws://', () => {
  it('a service ends in time while its broker stands still, and loses nothing', async () => {
    expect(await stopWhileFrozen(pulsar.urls.websocket)).toMatchObject(ENDS_WELL);
  });
});

await describeWithNativeClient('the end of a service while its broker stands still', () => {
  describe('over pulsar://', () => {
    it('a service ends in time while its broker stands still, and loses nothing', async () => {
      expect(await stopWhileFrozen(pulsar.urls.binary)).toMatchObject(ENDS_WELL);
    });
  });
});
