import { describe, expect, it } from '@jest/globals';
import { armCrashPoint, checkCrashPoint, CRASH_ACTIONS, CRASH_POINTS, passCrashPoint } from './crash-points.js';

describe('a crash point', () => {
  it.each(CRASH_POINTS)('%s may be armed for a kill or a freeze, and checking arms nothing', (point) => {
    for (const action of CRASH_ACTIONS) expect(() => checkCrashPoint(`${point}:1:${action}`)).not.toThrow();
    // It would be the end of this test.
    passCrashPoint(point);
  });

  it.each([
    '',
    'published',
    'published:1',
    'nowhere:1:kill',
    'published:0:kill',
    'published:x:kill',
    'published:1:die',
  ])('is not "%s": the error tells how it is written and which there are', (setting) => {
    const error = { code: 'configuration', message: expect.stringContaining(CRASH_POINTS.join(', ')) };
    expect(() => armCrashPoint(setting)).toThrow(expect.objectContaining(error));
    for (const point of CRASH_POINTS) passCrashPoint(point);
  });
});
