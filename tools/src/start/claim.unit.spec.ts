import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claim } from './claim.js';
import { StartFailed } from './start-failed.js';

describe('the claim of a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-claim-'));
  const file = join(folder, 'supervisor.pid');
  afterEach(() => rmSync(file, { force: true }));

  it('is refused while the process that has it lives, and free when that gives it back', () => {
    const release = claim(folder);
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    expect(() => claim(folder)).toThrow(StartFailed);
    release();
    expect(existsSync(file)).toBe(false);
    claim(folder)();
  });

  it.each([
    ['a process that is gone', '2147483646 1'],
    ['a number that another program has since', `${process.ppid} some other time`],
    ['our own number of an earlier life', `${process.pid} some other time`],
    ['nothing', ''],
  ])('left behind by %s is taken over', (_, left) => {
    writeFileSync(file, left);
    const release = claim(folder);
    expect(readFileSync(file, 'utf8')).not.toBe(left);
    release();
  });

  it('of what can be no folder says so', () => {
    writeFileSync(file, '');
    expect(() => claim(join(file, 'below'))).toThrow(/DATA_DIR: can't make the folder/);
  });
});
