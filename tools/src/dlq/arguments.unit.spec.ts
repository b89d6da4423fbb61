import { describe, expect, it } from '@jest/globals';
import { readArguments } from './arguments.js';
import { WrongArguments } from '../command-line.js';

const id = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8';
const read = (...args: string[]) => readArguments(args, {});

describe('the command line of npm run dlq', () => {
  it('says which letters are meant', () => {
    const args = ['--reason', 'rule-broken', '--from', '2026-11-20', '--to', '2026-11-21T13:00:00+02:00'];
    expect(read('list', ...args, '--id', id.toUpperCase(), '--state', 'dead', '--state', 'expired')).toMatchObject({
      selection: { reason: 'rule-broken', from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T11:00:00.000Z', ids: [id] },
      ...{ name: 'list', states: ['dead', 'expired'], json: false },
    });
  });

  it('asks those whom the topic concerns, or the one that is named', () => {
    const asked = (...args: string[]) => read('list', ...args).subscriptions.toSorted((a, b) => a.localeCompare(b));
    expect(asked()).toEqual(['order', 'payment', 'reporting', 'saga-log']);
    expect(asked('--topic', 'crear-orden')).toEqual(['order', 'saga-log']);
    expect(asked('--topic', 'crear-orden', '--subscription', 'order')).toEqual(['order']);
  });

  it('changes nothing without being told what: a selection, a service or all', () => {
    expect(() => read('redrive', '--yes')).toThrow('which letters');
    expect(() => read('drop', '--dry-run')).toThrow('which letters');
    for (const args of [['--all'], ['--subscription', 'order'], ['--id', id], ['--url', 'http://localhost:1']]) {
      expect(read('redrive', ...args)).toMatchObject({ name: 'redrive', dryRun: false, force: false, yes: false });
    }
  });

  it('finds the system in the folder that is named, or in that of the environment', () => {
    expect(readArguments(['list', '--data-dir', '/a'], { DATA_DIR: '/b' }).dataDir).toBe('/a');
    expect(readArguments(['list'], { DATA_DIR: '/b' }).dataDir).toBe('/b');
    expect(readArguments(['list'], { DATA_DIR: '' }).dataDir).toMatch(/\.data$/);
  });

  it.each([
    [[], 'no command'],
    [['delete'], 'no command "delete"'],
    [['constructor'], 'no command "constructor"'],
    [['show'], 'the id of one message'],
    [['show', id, id], 'the id of one message'],
    [['show', '7'], '"7" is no id'],
    [['list', 'orders'], '"orders" means nothing'],
    [['list', '--id', '7'], '"7" is no id'],
    [['list', '--topic', 'orders'], '--topic is "orders": it is one of crear-orden'],
    [['list', '--subscription', 'bff'], '--subscription is "bff"'],
    [['list', '--subscription', 'payment', '--topic', 'crear-orden'], 'payment does not consume crear-orden'],
    [['list', '--reason', 'tired'], '--reason is "tired"'],
    [['list', '--state', 'asleep'], '--state is "asleep"'],
    [['list', '--from', 'yesterday'], '--from is "yesterday"'],
    [['list', '--to', '2026-02-30'], '--to is "2026-02-30"'],
    [['list', '--to', '2026-11-21T12:00'], '--to is "2026-11-21T12:00"'],
    [['list', '--from', '2026-11-21', '--to', '2026-11-21'], '--to must be later'],
    [['list', '--force'], '--force means nothing to list'],
    [['list', '--all'], '--all means nothing to list'],
    [['show', id, '--topic', 'crear-orden'], '--topic means nothing to show'],
    [['drop', '--all', '--force'], '--force means nothing to drop'],
    [['list', '--url', 'localhost'], '--url is "localhost"'],
    [['list', '--url', 'http://localhost:1', '--subscription', 'order'], 'leave --subscription out'],
    [['list', '--colour'], "Unknown option '--colour'"],
    [['list', '--topic'], 'argument missing'],
    [['list', ...Array.from({ length: 101 }, () => ['--id', id]).flat()], 'more than 100 times'],
  ])('refuses %j and says why', (args, message) => {
    expect(() => read(...args)).toThrow(WrongArguments);
    expect(() => read(...args)).toThrow(message);
  });
});
