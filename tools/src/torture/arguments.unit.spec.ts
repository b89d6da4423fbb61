import { describe, expect, it } from '@jest/globals';
import { WrongArguments } from '../command-line.js';
import { readArguments } from './arguments.js';
import { faultKinds } from './faults/index.js';

const read = (...args: string[]) => readArguments(args, { DATA_DIR: '/data' }, () => 4711);

describe('the command line of the torture', () => {
  it('is 30 faults of all kinds, from a seed that is made up', () => {
    expect(read()).toEqual({
      ...{ seed: 4711, kills: 30, minutes: 15, rate: 20, folder: '/data/torture' },
      ...{ broker: { kind: 'embedded', told: [], folder: '' }, faults: faultKinds.map(({ name }) => name) },
    });
  });

  it('names all of it', () => {
    const numbers = ['--seed', '7', '--kills', '500', '--minutes', '90', '--rate', '50'];
    expect(read(...numbers, '--fault', 'kill', '--fault', 'cut', '--pulsar', 'websocket')).toMatchObject({
      ...{ seed: 7, kills: 500, minutes: 90, rate: 50, faults: ['kill', 'cut'] },
      broker: { kind: 'own', protocol: 'websocket' },
    });
  });

  it.each([
    [['--kills', '0'], '--kills is "0"'],
    [['--minutes', 'some'], '--minutes is "some"'],
    [['--fault', 'earthquake'], 'it is one of kill, freeze'],
    [['--pulsar', 'telepathy'], '--pulsar is "telepathy"'],
    [['--broker', 'http://a'], '--broker is the URL of a Pulsar'],
    [['--quiet'], '--quiet'],
  ])('is refused with %j', (args, message) => {
    expect(() => read(...args)).toThrow(WrongArguments);
    expect(() => read(...args)).toThrow(message);
  });
});
