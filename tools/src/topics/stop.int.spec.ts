import { createTestDatabase, openSilentProxy } from '@alpes/messaging/testing';
import { expect, it, jest } from '@jest/globals';
import { STOPPED_WELL, stopWithoutBroker } from './testing/stop-without-broker.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(300_000);

it('a service ends in time while the log in PostgreSQL is silent, and loses nothing', async () => {
  const [own, log] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const proxy = await openSilentProxy(log.url);
  try {
    const stopped = await stopWithoutBroker(own.url, {
      ...{ env: { BROKER_URL: `embedded:${proxy.url}` }, url: `embedded:${log.url}`, settings: {} },
      freeze: () => proxy.silence(),
      thaw: () => proxy.speak('new'),
    });
    expect(stopped).toMatchObject({ ...STOPPED_WELL, published: expect.arrayContaining(['later']) });
  } finally {
    await proxy.close();
    await Promise.all([own.drop(), log.drop()]);
  }
});
