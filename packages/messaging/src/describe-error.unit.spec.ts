import { describe, expect, it } from '@jest/globals';
import { describeError } from './describe-error.js';
import { AlpesError } from './errors.js';

describe('what a log has of an error', () => {
  it('is type, code, text and the places of it and its causes', () => {
    const cause = Object.assign(new TypeError('no "canary"'), { detail: 'Failing row contains (canary).' });
    const described = describeError(new AlpesError('rule-broken', 'the order "7" is wrong', { cause }));
    expect(described).toMatchObject({ type: 'AlpesError', code: 'rule-broken' });
    expect(described.message).toBe('the order "7" is wrong: no "…"');
    expect(described.stack).toMatch(
      /^AlpesError: the order "7" is wrong\n {4}at .*describe-error[^]*\ncaused by: TypeError: no "…"\n {4}at .*describe-error/,
    );
    expect(JSON.stringify(described)).not.toContain('canary');
  });

  it('says once what an error has of its cause', () => {
    const error = AlpesError.from(new Error('Connection terminated'));
    expect(describeError(error).message).toBe('Connection terminated');
    expect(describeError(error).stack).toMatch(/caused by: Error: Connection terminated\n {4}at /);
  });

  it('has nothing of a text that looks like the frames of a stack', () => {
    const error = new Error('broken "\n    at canary\n    at canary (x.ts:1:1)"');
    expect(JSON.stringify(describeError(error))).not.toContain('canary');
    error.message = 'another';
    expect(JSON.stringify(describeError(error))).not.toContain('canary');
  });

  it('is made of whatever was thrown, and of causes without end', () => {
    for (const thrown of ['canary', { canary: 1 }, undefined, null])
      expect(JSON.stringify(describeError(thrown))).not.toContain('canary');
    const round = new Error('round');
    round.cause = round;
    expect(describeError(round)).toMatchObject({ type: 'Error', message: 'round' });
    const error = new AlpesError('unknown', 'x', { cause: 'canary' });
    expect(JSON.stringify(describeError(error))).not.toContain('canary');
  });
});
