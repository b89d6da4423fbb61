import { CRASH_ACTIONS, CRASH_POINTS } from '@alpes/messaging';
import { describe, expect, it } from '@jest/globals';
import { CONTROL_NAMES } from './controls/names.js';
import { ACTIONS } from './scenario.js';
import { readArguments } from './arguments.js';
import { WrongArguments } from '../command-line.js';

const read = (...args: string[]) => readArguments(args, { DATA_DIR: '/data' }, () => 4711);

describe('the command line of the matrix', () => {
  it('is everything once, from a first seed that is made up', () => {
    expect(read()).toEqual({
      ...{ seeds: 1, firstSeed: 4711, points: CRASH_POINTS, actions: CRASH_ACTIONS, control: undefined },
      ...{ broker: { kind: 'embedded', told: [], folder: '' } },
      ...{ fresh: false, jobs: 2, folder: '/data/crash-matrix' },
    });
  });

  it('names a part of it', () => {
    const args = ['--seeds', '50', '--seed', '7', '--point', 'deleted', '--action', 'freeze', '--control', 'last-id'];
    expect(read(...args)).toMatchObject({
      ...{ seeds: 50, firstSeed: 7, points: ['deleted'], actions: ['freeze'], control: 'last-id' },
    });
  });

  it('names several points and actions', () => {
    const args = ['--point', 'deleted', '--point', 'handled', '--action', 'kill', '--action', 'freeze'];
    expect(read(...args)).toMatchObject({ points: ['deleted', 'handled'], actions: ['kill', 'freeze'] });
  });

  it('names a Pulsar that is there, whose results are kept apart by its protocol, and whose death is not tried', () => {
    const urls = ['ws://a:8080', 'wss://a', 'pulsar://a:6650', 'pulsar+ssl://a'];
    const folders = ['websocket', 'websocket', 'binary', 'binary'].map((name) => `/data/crash-matrix/${name}`);
    expect(urls.map((url) => read('--broker', url).folder)).toEqual(folders);
    expect(read('--broker', 'ws://a:8080')).toMatchObject({
      ...{ actions: CRASH_ACTIONS, broker: { kind: 'foreign', url: 'ws://a:8080', told: ['--broker', 'ws://a:8080'] } },
    });
  });

  it('has a Pulsar started, whose death is tried too', () => {
    expect(read('--pulsar', 'binary')).toMatchObject({
      ...{ actions: ACTIONS, folder: '/data/crash-matrix/binary' },
      broker: { kind: 'own', protocol: 'binary', told: ['--pulsar', 'binary'] },
    });
    expect(read('--pulsar', 'websocket', '--control', 'delete-early').control).toBe('delete-early');
  });

  it('does not repeat a URL that is none, in which there may be a password', () => {
    expect(() => read('--broker', 'amqp://user:secret@a')).not.toThrow('secret');
  });

  it.each([
    [['--control', 'outbox-off'], CONTROL_NAMES.join(', ')],
    [['--point', 'nowhere'], CRASH_POINTS.join(', ')],
    [['--action', 'hurt'], 'kill, freeze, broker'],
    [['--action', 'broker'], '--action broker needs --pulsar websocket|binary: a broker that the matrix did not start'],
    [['--broker', 'ws://a', '--action', 'kill', '--action', 'broker'], '--action broker needs --pulsar'],
    [['--control', 'delete-early'], '--control delete-early shows when the broker dies, and so needs --pulsar'],
    [['--broker', 'ws://a', '--control', 'delete-early'], 'needs --pulsar websocket|binary'],
    [['--pulsar', 'ws'], 'websocket, binary'],
    [['--broker', 'amqp://user:secret@a'], 'ws://localhost:8080'],
    [['--broker', 'ws://a', '--pulsar', 'binary'], 'exclude each other'],
    [['--seeds', '0'], '--seeds'],
    [['--seed', 'x'], '--seed'],
    [['--nonsense'], '--nonsense'],
  ])('is refused when it is %j, with what it may be', (args, text) => {
    expect(() => read(...args)).toThrow(WrongArguments);
    expect(() => read(...args)).toThrow(text);
  });
});
