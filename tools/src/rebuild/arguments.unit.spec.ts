import { describe, expect, it } from '@jest/globals';
import { WrongArguments } from '../command-line.js';
import { readArguments, usage } from './arguments.js';

const now = new Date('2026-11-21T18:15:00.500Z');
const read = (...args: string[]) => readArguments(args, { DATA_DIR: '/data' }, now);

describe('the command line of npm run rebuild', () => {
  it('wants a service and no more', () => {
    expect(read('saga-log')).toEqual({
      ...{ name: 'rebuild', service: 'saga-log', dataDir: '/data', drop: false, follow: false, json: false },
      ...{ waitMs: 60_000, target: { name: 'saga_log_rebuild_20261121181500' } },
    });
  });

  it('takes a name, or the URL of a database that is there', () => {
    expect(
      read('reporting', '--name', 'new_one', '--drop', '--wait', '1.5', '--json', '--data-dir', '/d'),
    ).toMatchObject({
      ...{ target: { name: 'new_one' }, drop: true, waitMs: 1_500, json: true, dataDir: '/d' },
    });
    const url = 'postgresql://u:p@h:5432/d';
    expect(read('reporting', '--into', url, '--follow')).toMatchObject({ target: { url }, follow: true });
  });

  it('takes the name of a database that is to be removed', () => {
    expect(read('reporting', '--remove', 'old_one')).toEqual({
      ...{ name: 'remove', service: 'reporting', dataDir: '/data', database: 'old_one' },
    });
  });

  it.each([
    [[], 'no service is named; these have one: reporting, saga-log'],
    [['order'], '"order" has no read model; these have one: reporting, saga-log'],
    [['reporting', 'saga-log'], '"saga-log" means nothing here'],
    [['reporting', '--name', 'New; DROP'], '--name is "New; DROP"'],
    [['reporting', '--name', 'a', '--into', 'postgresql://h/d'], 'two databases'],
    [['reporting', '--into', 'mysql://h/d'], '--into is the URL of a database'],
    [['reporting', '--into', 'postgresql://h/d', '--drop'], 'leave out --into'],
    [['reporting', '--drop', '--follow'], '--follow is for switching over'],
    [['reporting', '--wait', 'long'], '--wait is "long"'],
    [['reporting', '--remove', 'a', '--drop'], '--drop means nothing to --remove'],
    [['reporting', '--remove', 'a-b'], '--remove is "a-b"'],
    [['reporting', '--force'], 'force'],
  ])('refuses %j', (args, why) => {
    const thrown = (): unknown => {
      try {
        return read(...args);
      } catch (error) {
        return error;
      }
    };
    expect(thrown()).toBeInstanceOf(WrongArguments);
    expect(String(thrown())).toContain(why);
  });

  it('is explained', () => {
    for (const option of ['--name', '--into', '--drop', '--follow', '--wait', '--json', '--remove', '--data-dir']) {
      expect(usage).toContain(`  ${option}`);
    }
  });
});
