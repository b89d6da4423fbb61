import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { runFaker } from './run-faker.js';
import { refused, startTestBff, type TestBff, unavailable } from './testing/test-bff.js';

let bff: TestBff;
let folder: string;
let ledger: string;

beforeEach(async () => {
  bff = await startTestBff();
  folder = mkdtempSync(join(tmpdir(), 'alpes-faker-'));
  ledger = join(folder, 'ledger');
});
afterEach(async () => {
  await bff.stop();
  rmSync(folder, { recursive: true });
});

/** A stream that remembers what was written to it. */
function collect() {
  const chunks: string[] = [];
  const write = (chunk: Buffer, _encoding: unknown, done: () => void): void => {
    chunks.push(chunk.toString());
    done();
  };
  return { stream: new Writable({ write }) as unknown as NodeJS.WriteStream, text: () => chunks.join('') };
}

async function faker(line: string, env: NodeJS.ProcessEnv = {}, signal = new AbortController().signal) {
  const [stdout, stderr] = [collect(), collect()];
  const code = await runFaker(line.split(' '), { env, signal, stdout: stdout.stream, stderr: stderr.stream });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

const lines = (): string[] => readFileSync(ledger, 'utf8').trim().split('\n');

describe('the faker', () => {
  it('places orders, writes down their ids and says what became of them', async () => {
    bff.status = (id) => (id < '8' ? 'APPROVED' : 'REJECTED');
    const { code, stdout } = await faker(`--orders 40 --rate 2000/s --seed 7 --ledger ${ledger} --url ${bff.url}`);
    expect(code).toBe(0);
    expect(lines().toSorted()).toEqual([...bff.orders.keys()].toSorted());
    expect(lines()).toHaveLength(40);
    expect(stdout).toMatch(/^accepted +40\nfailed +0\nrepeated +0\nrate +\d+\/s of 2000\/s\nlatency +p50 .*p95 .*p99 /);
    const rejected = [...bff.orders.keys()].filter((id) => id >= '8').length;
    expect(stdout).toContain(`APPROVED ${40 - rejected}  REJECTED ${rejected}  PENDING 0`);
  });

  it('makes new orders with the same content when the same seed is run again', async () => {
    await faker(`--orders 10 --rate 2000/s --seed 7 --url ${bff.url}`);
    const first = [...bff.orders.values()].map((body) => JSON.stringify(body));
    await faker(`--orders 10 --rate 2000/s --seed 7 --url ${bff.url}`);
    const all = [...bff.orders.values()].map((body) => JSON.stringify(body));
    expect(all).toHaveLength(20);
    expect(all.slice(10).toSorted()).toEqual(first.toSorted());
  });

  it('makes the same orders when a run is repeated, and writes none down twice', async () => {
    const line = `--orders 10 --rate 2000/s --seed 7 --run again --ledger ${ledger} --url ${bff.url}`;
    await faker(line);
    const { stdout } = await faker(line);
    expect(bff.orders.size).toBe(10);
    expect(lines()).toHaveLength(10);
    expect(stdout).toMatch(/accepted +10/);
  });

  it('goes on behind half a line of a process that was killed', async () => {
    writeFileSync(ledger, '0190c5b0-0000');
    await faker(`--orders 1 --ledger ${ledger} --url ${bff.url}`);
    expect(lines()).toEqual(['0190c5b0-0000', ...bff.orders.keys()]);
  });

  it('repeats an order with the same key while it is not known whether it was accepted', async () => {
    bff.misbehave = (request) => (request <= 2 ? unavailable() : undefined);
    const { code, stdout } = await faker(`--orders 1 --url ${bff.url}`);
    expect(code).toBe(0);
    expect(new Set(bff.keys).size).toBe(1);
    expect(bff.keys).toHaveLength(3);
    expect(stdout).toMatch(/repeated +2/);
  });

  it('ends with 1 if an order failed, and says why', async () => {
    bff.misbehave = (request) => (request <= 2 ? refused() : undefined);
    const { code, stdout } = await faker(`--orders 5 --rate 1000/s --ledger ${ledger} --url ${bff.url}`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/accepted +3\nfailed +2\n +2 × 400 invalid-input: body.lines is wrong\n/);
    expect(lines()).toHaveLength(3);
  });

  it('says which orders are still pending when its time is over', async () => {
    bff.status = () => 'PENDING';
    const { code, stdout } = await faker(`--orders 2 --wait 0.2 --url ${bff.url}`);
    expect(code).toBe(0);
    expect(stdout).toContain('APPROVED 0  REJECTED 0  PENDING 2');
  });

  it('sums up what it has done when it is interrupted', async () => {
    const controller = new AbortController();
    bff.misbehave = (request) => {
      if (request === 3) controller.abort();
      return undefined;
    };
    const line = `--orders 1000 --rate 20/s --ledger ${ledger} --url ${bff.url}`;
    const { code, stdout } = await faker(line, {}, controller.signal);
    expect(code).toBe(130);
    expect(stdout).toMatch(/accepted +3\nfailed +0/);
    expect(lines()).toHaveLength(3);
  });
});

describe('the faker finds the system', () => {
  it('by PORT', async () => {
    expect((await faker('--orders 1', { PORT: String(bff.port) })).code).toBe(0);
  });

  it('by what `npm start` wrote into DATA_DIR', async () => {
    writeFileSync(join(folder, 'system.json'), JSON.stringify({ url: bff.url }));
    expect((await faker('--orders 1', { DATA_DIR: folder })).code).toBe(0);
    expect(bff.orders.size).toBe(1);
  });

  it('or says where it looked, and what to do', async () => {
    const { code, stderr } = await faker('--orders 1', { PORT: '9' });
    expect(code).toBe(1);
    expect(stderr).toContain('No system answers at http://127.0.0.1:9: ');
    expect(stderr).toContain('npm start');
  });
});

describe('the faker refuses', () => {
  it('wrong arguments with a message, its usage and exit code 2', async () => {
    const { code, stderr } = await faker('--orders many');
    expect(code).toBe(2);
    expect(stderr).toContain('--orders has to be a whole number');
    expect(stderr).toContain('Usage: npm run faker');
  });

  it('a ledger that it can not write', async () => {
    const { code, stderr } = await faker(`--orders 1 --ledger ${folder}/none/ledger --url ${bff.url}`);
    expect(code).toBe(1);
    expect(stderr).toContain("The ledger can't be written: ENOENT");
    expect(bff.orders.size).toBe(0);
  });
});
