import { describe, expect, it } from '@jest/globals';
import { WrongArguments } from '../command-line.js';
import { readArguments } from './arguments.js';

const read = (...args: string[]) => readArguments(args, { DATA_DIR: '/data' });

describe('the command line of the load', () => {
  it('is a steady rate, a ramp and a spike, with limits to latencies', () => {
    expect(read()).toEqual({
      ...{ scenarios: ['steady', 'ramp', 'spike'], minutes: undefined, rate: 1_000, dataDir: '/data' },
      limits: { acceptP99: 15, finishedP99: 150 },
    });
  });

  it('names all of it', () => {
    const limits = ['--accept-p99', '0', '--finished-p99', '99.5'];
    expect(read('soak', 'ramp', '--minutes', '0.2', '--rate', '6000', ...limits)).toEqual({
      ...{ scenarios: ['soak', 'ramp'], minutes: 0.2, rate: 6_000, dataDir: '/data' },
      limits: { acceptP99: 0, finishedP99: 99.5 },
    });
  });

  it('can leave latencies alone', () => {
    expect(read('--no-latency').limits).toBeUndefined();
  });

  it.each([
    [['flood'], 'there is no "flood": there are steady, ramp, spike, soak'],
    [['--minutes', '0'], '--minutes is "0"'],
    [['--minutes', 'some'], '--minutes is "some"'],
    [['ramp', '--minutes', '5'], '--minutes is for steady and soak'],
    [['--rate', '0.5'], '--rate is "0.5"'],
    [['--accept-p99', '-1'], '--accept-p99'],
    [['--quiet'], '--quiet'],
  ])('is refused with %j', (args, message) => {
    expect(() => read(...args)).toThrow(WrongArguments);
    expect(() => read(...args)).toThrow(message);
  });
});
