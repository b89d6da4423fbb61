import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { canReach } from './account.js';
import { launchCluster, type RunningCluster } from './launch.js';
import { placeOf } from './place.js';
import { queryOnce } from './with-client.js';

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await wait(20);
  }
}

/** Whether the server could be made to listen there. */
function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A dead process whose parent has not asked about it is still listed.
  const file = `/proc/${pid}/stat`;
  return !existsSync(file) || !/\) Z /.test(readFileSync(file, 'utf8'));
}

describe('a cluster', () => {
  const base = mkdtempSync(join(tmpdir(), 'alpes-cluster-'));
  chmodSync(base, 0o755);
  const running: RunningCluster[] = [];
  let number = 0;
  const newFolder = (): string => join(base, `data-${number++}`);

  async function launch(folder: string): Promise<RunningCluster> {
    const cluster = await launchCluster(folder);
    running.push(cluster);
    return cluster;
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map((cluster) => cluster.stop()));
    for (let done = 0; done < number; done++) rmSync(join(base, `data-${done}`), { recursive: true, force: true });
  });

  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it('keeps what was committed when everything is killed at once, and leaves no orphan', async () => {
    const folder = newFolder();
    const first = await launch(folder);
    await queryOnce(first.url, 'CREATE TABLE kept AS SELECT 7 AS seven');
    first.process.kill('SIGKILL');
    process.kill(first.serverPid(), 'SIGKILL');
    await first.ended;
    const second = await launch(folder);
    expect(second.url).toBe(first.url);
    expect(await queryOnce(second.url, 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
  }, 30_000);

  it('stops the server that a killed watcher left behind', async () => {
    const folder = newFolder();
    const first = await launch(folder);
    first.process.kill('SIGKILL');
    await first.ended;
    expect(lives(first.serverPid())).toBe(true);
    const second = await launch(folder);
    expect(lives(first.serverPid())).toBe(false);
    expect(await queryOnce(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }, 30_000);

  it('starts a server again that was killed, at the same address', async () => {
    const cluster = await launch(newFolder());
    const before = cluster.serverPid();
    process.kill(before, 'SIGKILL');
    await until('another server', () => cluster.serverPid() !== before);
    expect(await queryOnce(cluster.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }, 30_000);

  it('waits for its port if somebody has taken it meanwhile, for others know no other address', async () => {
    const cluster = await launch(newFolder());
    const before = cluster.serverPid();
    cluster.process.kill('SIGSTOP');
    process.kill(before, 'SIGKILL');
    const thief = createServer();
    await until('the port to be free', () => listens(thief, Number(new URL(cluster.url).port)));
    cluster.process.kill('SIGCONT');
    await wait(1_000);
    thief.close();
    await until('another server', () => cluster.serverPid() !== before);
    expect(await queryOnce(cluster.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }, 60_000);

  it('ends with the process that started it', async () => {
    const cluster = await launch(newFolder());
    const server = cluster.serverPid();
    cluster.process.disconnect();
    await cluster.ended;
    expect(lives(server)).toBe(false);
  }, 30_000);

  it('ends, and leaves no server, when who started it was gone before it was ready', async () => {
    const folder = newFolder();
    const launching = launchCluster(folder, { onSpawn: (child) => child.disconnect() });
    await expect(launching).rejects.toThrow("PostgreSQL's process ended (0)");
    expect(existsSync(join(placeOf(folder).data, 'postmaster.pid'))).toBe(false);
  }, 30_000);

  it('is durable, listens on the loopback interface alone, and sorts by code point', async () => {
    const folder = newFolder();
    const { url } = await launch(folder);
    const [settings] = await queryOnce(
      url,
      `SELECT current_setting('fsync') AS fsync, current_setting('listen_addresses') AS host,
              current_setting('server_encoding') AS encoding, 'a' > 'B' AS sorted`,
    );
    expect(settings).toEqual({ fsync: 'on', host: '127.0.0.1', encoding: 'UTF8', sorted: true });
    expect(statSync(placeOf(folder).passwordFile).mode & 0o777).toBe(0o600);
    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(queryOnce(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  }, 30_000);

  it('says what to do when its password is gone', async () => {
    const folder = newFolder();
    await (await launch(folder)).stop();
    rmSync(placeOf(folder).passwordFile);
    await expect(launchCluster(folder)).rejects.toThrow('superuser-password is missing');
  }, 30_000);

  // Only root runs it as another user, for whom a folder may be out of reach.
  (process.getuid?.() === 0 ? describe : describe.skip)('that root starts', () => {
    it('puts its data aside when its user cannot reach the folder, and forgets it with the folder', async () => {
      const closed = newFolder();
      mkdirSync(closed, { mode: 0o700 });
      const folder = join(closed, 'postgres');
      const place = placeOf(folder);
      expect(canReach(folder, place.account)).toBe(false);
      const first = await launch(folder);
      await queryOnce(first.url, 'CREATE TABLE forgotten ()');
      await first.stop();
      rmSync(folder, { recursive: true });
      const second = await launch(folder);
      await expect(queryOnce(second.url, 'SELECT FROM forgotten')).rejects.toThrow('does not exist');
      await second.stop();
      rmSync(place.parent, { recursive: true });
    }, 30_000);
  });
});
