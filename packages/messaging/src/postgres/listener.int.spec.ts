import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { eventually } from '../testing/eventually.js';
import { openSilentProxy, type SilentProxy } from '../testing/silent-proxy.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { listen, type Listener } from './listener.js';

describe('a listener', () => {
  let testDatabase: TestDatabase;
  let client: Client;
  const listeners: Listener[] = [];

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    client = new Client({ connectionString: testDatabase.url });
    await client.connect();
  });

  afterEach(async () => {
    await Promise.all(listeners.splice(0).map((listener) => listener.close()));
  });

  afterAll(async () => {
    await client.end();
    await testDatabase.drop();
  });

  function start(databaseUrl = testDatabase.url) {
    const heard: (string | undefined)[] = [];
    const listener = listen({ databaseUrl, channel: 'Some channel', onNotify: (payload) => heard.push(payload) });
    listeners.push(listener);
    return { listener, heard };
  }
  const terminateOthers = () =>
    client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()`);

  it('hears what others say, and what it says itself, also what it said before it was connected', async () => {
    const [one, other] = [start(), start()];
    one.listener.notify('hello');
    one.listener.notify('hello');
    await eventually(() => one.heard.includes('hello'));
    await eventually(() => other.heard.length > 0);
    other.listener.notify('and hello');
    await eventually(() => one.heard.includes('and hello') && other.heard.includes('and hello'));
    expect(one.heard.filter((payload) => payload === 'hello')).toHaveLength(1);
  });

  it('says that it may have missed something when it begins, and when it begins again after a loss', async () => {
    const { listener, heard } = start();
    await eventually(() => heard.length === 1);
    for (let losses = 1; losses <= 3; losses += 1) {
      await terminateOthers();
      await eventually(() => heard.length === losses + 1);
      expect(heard).toEqual(Array.from({ length: losses + 1 }, () => undefined));
    }
    listener.notify('still here');
    await eventually(() => heard.includes('still here'));
  });

  it('sends what was said last before it is closed', async () => {
    const [one, other] = [start(), start()];
    await eventually(() => one.heard.length > 0 && other.heard.length > 0);
    one.listener.notify('let me say');
    await Promise.resolve();
    await Promise.resolve();
    one.listener.notify('goodbye');
    await one.listener.close();
    await eventually(() => other.heard.length >= 3);
    expect(other.heard).toEqual([undefined, 'let me say', 'goodbye']);
  });

  it('tries on while the database is away, and can be closed meanwhile, at once and twice', async () => {
    const url = new URL(testDatabase.url);
    url.pathname = '/absent';
    const { listener, heard } = start(url.href);
    listener.notify('nobody hears this');
    const startedAt = performance.now();
    await listener.close();
    await listener.close();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(heard).toEqual([]);
  });
});

describe('a listener whose connection goes silent', () => {
  let testDatabase: TestDatabase;
  let proxy: SilentProxy;
  let listener: Listener;
  let heard: (string | undefined)[];

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
  });
  beforeEach(async () => {
    heard = [];
    proxy = await openSilentProxy(testDatabase.url);
    const onNotify = (payload: string | undefined): number => heard.push(payload);
    listener = listen({ databaseUrl: proxy.url, channel: 'Some channel', onNotify, patienceMs: 300 });
    await eventually(() => heard.length === 1);
    proxy.silence();
  });
  afterEach(async () => {
    await listener.close();
    await proxy.close();
  });
  afterAll(() => testDatabase.drop());

  it('connects anew when it could not say something, and hears again', async () => {
    listener.notify('lost');
    proxy.speak('new');
    await eventually(() => heard.length > 1);
    listener.notify('heard');
    await eventually(() => heard.includes('heard'));
    expect(heard).toEqual([undefined, undefined, 'heard']);
  });

  it('finds that out though it has nothing to say', async () => {
    proxy.speak('new');
    await eventually(() => heard.length > 1);
    expect(heard).toEqual([undefined, undefined]);
  });

  it('can be closed meanwhile', async () => {
    await listener.close();
    proxy.speak('new');
    expect(heard).toEqual([undefined]);
  });
});
