import { describe, expect, it } from '@jest/globals';
import { readArguments, WrongArguments } from './arguments.js';

const read = (line: string) => readArguments(line === '' ? [] : line.split(' '));

describe('the arguments of the faker', () => {
  it('have defaults', () => {
    expect(read('')).toMatchObject({
      ...{ orders: 100, rate: { count: 3000, unit: 'min' }, concurrency: 256, patienceMs: 60_000, waitMs: 60_000 },
      ...{ run: expect.stringMatching(/^[0-9a-f]{8}$/), seed: expect.any(Number) },
    });
  });

  it('are read', () => {
    const line =
      '--orders 5000 --rate 50/s --seed 7 --ledger ids.txt --url http://a:1 --run r1 --wait 0 --patience 1.5';
    expect(read(line)).toEqual({
      ...{ orders: 5000, rate: { count: 50, unit: 's' }, seed: 7, ledger: 'ids.txt', url: 'http://a:1', run: 'r1' },
      ...{ waitMs: 0, patienceMs: 1500, concurrency: 256 },
    });
  });

  it('name a new run each time', () => {
    expect(read('--seed 7')?.run).not.toBe(read('--seed 7')?.run);
  });

  it.each(['--help', '-h --orders 5'])('may ask for help: %s', (line) => {
    expect(read(line)).toBeUndefined();
  });

  it.each([
    ['--orders none', '--orders'],
    ['--orders 0', '--orders'],
    ['--orders 1.5', '--orders'],
    ['--rate 3000', '--rate'],
    ['--seed -1', '--seed'],
    ['--seed 4294967296', '--seed'],
    ['--concurrency 0', '--concurrency'],
    ['--wait soon', '--wait'],
    ['--url localhost:3000', '--url'],
    ['--run a/b', '--run'],
    ['--order 5', '--order'],
    ['5000', '5000'],
    ['--ledger', '--ledger'],
  ])('%s is refused with a message that names %s', (line, name) => {
    expect(() => read(line)).toThrow(WrongArguments);
    expect(() => read(line)).toThrow(name);
  });

  it('are refused with all that is wrong at once', () => {
    expect(() => read('--orders x --rate y --wait z')).toThrow(/--rate.*\n.*--orders.*\n.*--wait/);
  });
});
