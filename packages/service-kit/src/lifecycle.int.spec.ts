import { afterEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROCESS = fileURLToPath(new URL('../fixtures/process.mjs', import.meta.url));

let child: ChildProcess;
afterEach(() => {
  child.kill('SIGKILL');
});

function start(env: NodeJS.ProcessEnv = {}): {
  output: () => string;
  ready: Promise<unknown>;
  ended: Promise<unknown>;
} {
  let text = '';
  child = fork(PROCESS, { env: { ...process.env, NODE_OPTIONS: '', ...env }, silent: true });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (text += data.toString()));
  const streams = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [once(stream, 'close')]));
  const ended = Promise.all([once(child, 'exit'), ...streams]).then(([exit]): unknown => exit);
  return { output: () => text, ready: once(child, 'message'), ended };
}

describe('a process', () => {
  it('tells its supervisor that it is ready, and finishes what is in hand at SIGTERM', async () => {
    const { ready, ended, output } = start();
    expect(await ready).toMatchObject([{ type: 'ready', port: 4711 }]);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(output()).toContain('finished what was in hand');
  });

  it('stops when its supervisor is gone', async () => {
    const { ready, ended, output } = start();
    await ready;
    child.disconnect();
    expect(await ended).toEqual([0, null]);
    expect(output()).toContain('finished what was in hand');
  });

  it('stops when its supervisor was gone before it had started', async () => {
    const { ended, output } = start();
    child.disconnect();
    expect(await ended).toEqual([0, null]);
    expect(output()).toContain('finished what was in hand');
  });

  it('ends with code 1 when stopping takes too long', async () => {
    const { ready, ended, output } = start({ GRACE_MS: '50', FIXTURE: 'hangs' });
    await ready;
    child.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
    expect(output()).toContain('not stopped in time');
  });

  it('ends with code 1 and one readable message when its configuration is wrong', async () => {
    const { ended, output } = start({ PORT: 'http', LOG_LEVEL: 'loud' });
    expect(await ended).toEqual([1, null]);
    expect(output()).toMatch(/^fixture: the configuration is wrong:\n {2}PORT: .*\n {2}LOG_LEVEL: .*\n$/);
  });

  it('is killed at the crash point that its environment names', async () => {
    const { ended, output } = start({ CRASH_POINT: 'published:1:kill', FIXTURE: 'publishes' });
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(output()).toContain('crash point published: kill');
  });

  it('ends with code 1 and says why when something is thrown that nobody catches', async () => {
    const { ended, output } = start({ FIXTURE: 'throws' });
    expect(await ended).toEqual([1, null]);
    expect(output()).toContain('nobody catches this');
  });
});
