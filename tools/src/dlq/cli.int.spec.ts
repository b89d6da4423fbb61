import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@alpes/messaging/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Each test starts processes, which takes its time on a busy machine.
jest.setTimeout(60_000);

/** Compiled by `npm run setup`, as it is run by everybody. */
const program = fileURLToPath(new URL('../../dist/dlq/cli.js', import.meta.url));

interface Request {
  readonly url: string;
  readonly body: unknown;
}

/** What a service answers: the n-th answer to the n-th request, the last one to all further ones. */
type Answer = { readonly status?: number; readonly json: object; readonly before?: Promise<void> };

let answers: Answer[] = [];
let requests: Request[] = [];
let server: Server;
let url: string;
let folder: string;

beforeEach(async () => {
  [answers, requests] = [[], []];
  folder = mkdtempSync(join(tmpdir(), 'alpes-dlq-'));
  server = createServer((req, res) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? { json: {} };
    let text = '';
    req.on('data', (data: Buffer) => (text += data.toString()));
    req.on('end', () => {
      requests.push({ url: req.url ?? '', body: text === '' ? undefined : (JSON.parse(text) as unknown) });
      void Promise.resolve(answer.before).then(() => {
        res.writeHead(answer.status ?? 200, { 'content-type': 'application/json', 'retry-after': '0' });
        res.end(JSON.stringify(answer.json));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function start(args: readonly string[]): { child: ChildProcess; ended: Promise<Ended>; printed: () => string } {
  const { NODE_OPTIONS: _, DATA_DIR: __, ...env } = process.env;
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { child, ended, printed: () => out };
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const run = (...args: string[]): Promise<Ended> => start(args).ended;

const idOf = (n: number): string => `0194fdc2-fa2f-7cc0-81d3-0000000000${String(n).padStart(2, '0')}`;
const letter = (n: number, more: object = {}) => ({
  ...{ id: idOf(n), redrive: 0, state: 'dead', subscription: 'order', topic: 'crear-orden', key: 'k', bytes: 1 },
  ...{ reason: 'rule-broken', error: 'no lines', attempts: 1, correlationId: 'c' },
  ...{ publishedAt: '2026-11-21T11:00:00.000Z', diedAt: '2026-11-21T12:00:00.000Z', ...more },
});
const result = (n: number, verdict: string, why = '') => letter(n, { verdict, why });
const problem = (code: string, detail: string) => ({ code, detail });

describe('npm run dlq', () => {
  it('lists page by page, and counts', async () => {
    answers = [
      { json: { letters: [letter(1)], next: 'p2' } },
      { json: { letters: [], next: 'p3' } },
      { json: { letters: [letter(2, { state: 'applied' }), letter(1)] } },
    ];
    const { code, out } = await run('list', '--url', url, '--reason', 'rule-broken', '--id', idOf(1), '--id', idOf(2));
    expect(code).toBe(0);
    expect(out.match(/0194fdc2/g)).toHaveLength(2);
    expect(out).toMatch(/\ndead: 1, applied: 1\n$/);
    const ids = `id=${idOf(1)}&id=${idOf(2)}`;
    expect(requests.map((one) => one.url)).toEqual([
      `/dead-letters?reason=rule-broken&${ids}&limit=100`,
      `/dead-letters?reason=rule-broken&${ids}&limit=100&after=p2`,
      `/dead-letters?reason=rule-broken&${ids}&limit=100&after=p3`,
    ]);
  });

  it('writes all that it knows as JSON', async () => {
    answers = [{ json: { letters: [letter(1)] } }];
    const { code, out, err } = await run('list', '--url', url, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const counts = { dead: 1 };
    expect(JSON.parse(out)).toEqual({
      command: 'list',
      interrupted: false,
      counts,
      letters: [letter(1)],
      problems: [],
    });
  });

  it('redrives with --yes, and ends with 1 if something was refused', async () => {
    answers = [
      { json: { results: [result(1, 'redrive')], next: 'p2' } },
      { json: { results: [result(2, 'too-old', 'it died long ago'), result(3, 'applied')] } },
    ];
    const { code, out, err } = await run('redrive', '--url', url, '--topic', 'crear-orden', '--force', '--yes');
    expect(code).toBe(1);
    expect(out).toMatch(/redriven: 1, too-old: 1, applied: 1\n$/);
    expect(out).toContain('it died long ago');
    expect(err).toContain('Refused: 1.');
    const body = { topic: 'crear-orden', all: true, dryRun: false, force: true, limit: 100 };
    expect(requests).toEqual([
      { url: '/dead-letters/redrive', body },
      { url: '/dead-letters/redrive', body: { ...body, after: 'p2' } },
    ]);
  });

  it('drops nothing in a dry run, and says what it would drop', async () => {
    answers = [{ json: { results: [result(1, 'drop'), result(2, 'dropped')] } }];
    const { code, out } = await run('drop', '--url', url, '--all', '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/would drop: 1, was dropped: 1\n$/);
    expect(requests[0]?.body).toEqual({ all: true, dryRun: true, limit: 100 });
  });

  it('changes nothing where nobody can confirm it', async () => {
    const { code, err } = await run('redrive', '--url', url, '--all');
    expect([code, requests]).toEqual([2, []]);
    expect(err).toContain('say --yes');
  });

  it('stops between two batches at Ctrl-C, says what was done and that it can go on', async () => {
    let release = (): void => {};
    const before = new Promise<void>((resolve) => (release = resolve));
    answers = [
      { json: { results: [result(1, 'redrive')], next: 'p2' } },
      { json: { results: [result(2, 'redrive')], next: 'p3' }, before },
    ];
    const { child, ended } = start(['redrive', '--url', url, '--all', '--yes']);
    await eventually(() => requests.length === 2, { timeoutMs: 30_000 });
    child.kill('SIGINT');
    let told = '';
    child.stderr?.on('data', (data: Buffer) => (told += data.toString()));
    await eventually(() => told.includes('Stopping'), { timeoutMs: 30_000 });
    release();
    const { code, out, err } = await ended;
    expect(code).toBe(130);
    expect(out).toMatch(/redriven: 2\n$/);
    expect(err).toContain('the same command goes on');
    expect(requests).toHaveLength(2);
  });

  it('waits for a broker or a database that is away, and says so if it stays away', async () => {
    const away = { status: 503, json: problem('unavailable', 'the broker is away') };
    answers = [away, away, { json: { letters: [letter(1)] } }];
    expect(await run('list', '--url', url)).toMatchObject({ code: 0 });
    [answers, requests] = [[away], []];
    const { code, out, err } = await run('list', '--url', url);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('answered 503: the broker is away');
    expect(requests).toHaveLength(5);
  });

  it('shows a message whole, or says that there is none', async () => {
    answers = [{ json: { ...letter(1), headers: {}, body: { why: 'x' }, deaths: [] } }];
    expect((await run('show', idOf(1), '--url', url)).out).toContain(`${idOf(1)}\n  state`);
    [answers, requests] = [[{ status: 404, json: problem('not-found', 'none') }], []];
    const { code, err } = await run('show', idOf(1), '--url', url);
    expect([code, err]).toEqual([1, `No dead letter of a message ${idOf(1)}: ${url}.\n`]);
    expect(requests).toEqual([{ url: `/dead-letters/${idOf(1)}`, body: undefined }]);
  });

  it('says of an id that nobody knows it, and what a service has to say about a question', async () => {
    answers = [{ json: { letters: [] } }];
    expect(await run('list', '--url', url, '--id', idOf(7))).toMatchObject({
      ...{ code: 1, out: '', err: `No dead letter of a message ${idOf(7)}.\n` },
    });
    answers = [{ status: 400, json: problem('invalid-input', 'topic must be another') }];
    expect(await run('list', '--url', url)).toMatchObject({ code: 1, err: 'topic must be another\n' });
    answers = [{ json: [] }, { status: 404, json: {} }];
    expect((await run('list', '--url', `${url}/elsewhere`)).err).toContain('not as a service of this system does');
  });

  it('asks every service of a system, the second replica where the first is gone, and the others if one is away', async () => {
    const { port } = server.address() as AddressInfo;
    const processes = [
      { name: 'order-1', pid: 1, port: 1_081 },
      { name: 'order-2', pid: 2, port },
      ...['payment', 'saga-log'].map((name) => ({ name, pid: 3, port })),
      { name: 'reporting', pid: 4, port: 1_082 },
    ];
    writeFileSync(join(folder, 'system.json'), JSON.stringify({ processes }));
    answers = [{ json: { letters: [letter(1)] } }];
    const { code, out, err } = await run('list', '--data-dir', folder);
    expect([code, out.match(/0194fdc2/g)?.length, requests.length]).toEqual([1, 3, 3]);
    expect(err).toMatch(/^Can't reach reporting \(http:\/\/127\.0\.0\.1:1082: ECONNREFUSED\).*npm start.*\n$/);
  });

  it('says how to begin where no system is known', async () => {
    const { code, err } = await run('list', '--data-dir', join(folder, 'none'));
    expect(code).toBe(1);
    expect(err).toContain('npm start');
  });

  it('ends with 2 and the usage for what it can not understand', async () => {
    const { code, err } = await run('redrive', '--everything');
    expect(code).toBe(2);
    expect(err).toContain('Usage: npm run dlq');
  });
});
