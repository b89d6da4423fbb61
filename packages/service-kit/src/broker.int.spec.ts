import { createTestDatabase } from '@alpes/messaging/testing';
import { expect, it } from '@jest/globals';
import { brokerSettings, readConfig } from './config.js';
import { connectBroker } from './broker.js';

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

it('a broker keeps its messages for ever, unless the settings say how long', async () => {
  const database = await createTestDatabase();
  const env = { BROKER_URL: `embedded:${database.url}` };
  const forEver = connectBroker(readConfig(brokerSettings, env));
  expect(forEver.clean).toBeUndefined();
  const broker = connectBroker(readConfig(brokerSettings, { ...env, LOG_RETENTION_DAYS: '3' }));
  await broker.declare([{ topic: 'orders', subscriptions: ['order'] }]);
  expect(await broker.clean?.(10)).toBe(0);
  await Promise.all([forEver.close(), broker.close()]);
  await database.drop();
});
