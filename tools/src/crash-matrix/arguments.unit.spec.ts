import { CRASH_ACTIONS, CRASH_POINTS } from '@alpes/messaging';
import { describe, expect, it } from '@jest/globals';
import { readArguments } from './arguments.js';
import { WrongArguments } from '../wrong-arguments.js';

const read = (...args: string[]) => readArguments(args, { DATA_DIR: '/data' }, () => 4711);

describe('the command line of the matrix', () => {
  it('is everything once, from a first seed that is made up', () => {
    expect(read()).toEqual({
      ...{ seeds: 1, firstSeed: 4711, points: CRASH_POINTS, actions: CRASH_ACTIONS, control: undefined },
      ...{ fresh: false, jobs: 2, folder: '/data/crash-matrix' },
    });
  });

  it('names a part of it', () => {
    const args = ['--seeds', '50', '--seed', '7', '--point', 'deleted', '--action', 'freeze', '--control', 'last-id'];
    expect(read(...args)).toMatchObject({
      ...{ seeds: 50, firstSeed: 7, points: ['deleted'], actions: ['freeze'], control: 'last-id' },
    });
  });

  it.each([
    [['--control', 'outbox-off'], 'inbox-off, publish-early, last-id, late-left-out, attempt-inside, session-lock'],
    [['--point', 'nowhere'], CRASH_POINTS.join(', ')],
    [['--action', 'hurt'], 'kill, freeze'],
    [['--seeds', '0'], '--seeds'],
    [['--seed', 'x'], '--seed'],
    [['--nonsense'], '--nonsense'],
  ])('is refused when it is %j, with what it may be', (args, text) => {
    expect(() => read(...args)).toThrow(WrongArguments);
    expect(() => read(...args)).toThrow(text);
  });
});
