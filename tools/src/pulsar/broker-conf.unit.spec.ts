import { describe, expect, it } from '@jest/globals';
import { brokerConf } from './broker-conf.js';

const THEIRS = '# Whether it is on disk\njournalSyncData=false\nbrokerServicePort=6650\nnumIOThreads=\n';

describe('the configuration of the broker', () => {
  it('is that of the distribution, but for what we want otherwise', () => {
    const ports = { binary: 1, http: 2, websocket: 2, bookie: 3, zooKeeper: 4 };
    const lines = brokerConf(THEIRS, { ports, idleMs: 9_000 }).split('\n');
    expect(lines).toEqual(expect.arrayContaining(['# Whether it is on disk', 'numIOThreads=']));
    expect(lines).toEqual(expect.arrayContaining(['brokerServicePort=1', 'webServicePort=2', 'journalSyncData=true']));
    expect(lines).toEqual(
      expect.arrayContaining(['webSocketSessionIdleTimeoutMillis=9000', 'keepAliveIntervalSeconds=5']),
    );
    const names = lines.map((line) => /^\w+(?==)/.exec(line)?.[0]).filter((name) => name !== undefined);
    expect(new Set(names).size).toBe(names.length);
  });
});
