import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { root } from '../start/system.js';
import { checkLicences, licenceProblems } from './licences.js';
import { readLock } from './lock.js';

const fixture = readLock(join(root, 'tools', 'fixtures', 'licences', 'lock.json'));

describe('the check of licences', () => {
  it('names each package of production whose licence is not allowed, and nothing that is only there to develop with', () => {
    expect(licenceProblems(fixture)).toEqual([
      'both@1.0.0: MIT AND GPL-3.0-only',
      'copyleft@1.0.0: AGPL-3.0-or-later',
      'allowed@2.0.0: BUSL-1.1',
      'in-a-file@1.0.0: SEE LICENSE IN LICENSE.md',
      'none@1.0.0: no licence',
      'of-another-platform@1.0.0: GPL-2.0-only',
    ]);
  });

  it('lets a package pass for a reason that is written down, as long as there is need', () => {
    const found = licenceProblems(fixture, {
      copyleft: 'a reason',
      allowed: 'of the old one',
      'one-of-two': 'a reason',
    });
    expect(found).not.toContain('copyleft@1.0.0: AGPL-3.0-or-later');
    expect(found).not.toContain('allowed@2.0.0: BUSL-1.1');
    expect(found).toContain('one-of-two needs no exception any more');
  });

  it('says what to do', () => {
    expect(() => checkLicences(fixture)).toThrow(/^both@1\.0\.0: .*\n\nUse another package\..*licences\.ts/s);
  });
});
