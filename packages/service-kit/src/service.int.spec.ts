import { createTestDatabase } from '@alpes/messaging/testing';
import { expect, it } from '@jest/globals';
import { brokerSettings, readConfig } from './config.js';
import { connectBroker } from './service.js';

it('a broker creates topics with as many partitions as the settings say', async () => {
  const database = await createTestDatabase();
  const env = { BROKER_URL: `embedded:${database.url}`, BROKER_PARTITIONS: '3' };
  const broker = connectBroker(readConfig(brokerSettings, env));
  await broker.declare([{ topic: 'orders', subscriptions: [] }]);
  const other = broker.declare([{ topic: 'orders', subscriptions: [], partitions: 4 }]);
  await expect(other).rejects.toThrow('has 3 partitions');
  await broker.close();
  await database.drop();
});
