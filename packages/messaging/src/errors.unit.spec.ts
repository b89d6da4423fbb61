import { describe, expect, it } from '@jest/globals';
import { AlpesError, ERROR_CODES } from './errors.js';

const withCode = (code: string) => Object.assign(new Error('from elsewhere'), { code });

describe('an AlpesError', () => {
  it('stays what it is', () => {
    const error = new AlpesError('rule-broken', 'no');
    expect(AlpesError.from(error)).toBe(error);
  });

  it('is made of anything that can be thrown, with the original as its cause', () => {
    expect(AlpesError.from('text')).toMatchObject({ code: 'unknown', cause: 'text' });
    for (const thrown of [undefined, null, 7, {}, new TypeError('x')]) {
      const { code, nature, cause } = AlpesError.from(thrown);
      expect({ code, nature, cause }).toEqual({ code: 'unknown', nature: 'unknown', cause: thrown });
    }
  });

  it('says of every code whether repeating may help', () => {
    const natures = Object.keys(ERROR_CODES).map((code) => new AlpesError(code as keyof typeof ERROR_CODES, '').nature);
    expect(new Set(natures)).toEqual(new Set(['permanent', 'transient', 'unknown']));
  });

  it('has no cause and no details where there are none', () => {
    const error = new AlpesError('unknown', 'x');
    expect(error).not.toHaveProperty('cause');
    expect(error.details).toEqual([]);
  });
});

describe('a foreign error', () => {
  it.each(['40001', '40P01', '55P03', '25P03', '57014', 'P2028', 'P2034'])('with code %s is a conflict', (code) => {
    expect(AlpesError.from(withCode(code)).code).toBe('conflict');
  });

  it.each([
    '08006',
    '28P01',
    '53300',
    '57P01',
    '57P03',
    '58030',
    '3D000',
    'P1001',
    '42P01',
    'P2022',
    'ECONNREFUSED',
    'EAI_AGAIN',
  ])('with code %s is about availability', (code) => {
    expect(AlpesError.from(withCode(code)).code).toBe('unavailable');
  });

  it.each(['23505', '42601', '55000', 'XX000', '25P02', '22P02', 'P2002', 'P2010', '57000', '0800', 'ENOENT'])(
    'with code %s is unknown',
    (code) => {
      expect(AlpesError.from(withCode(code)).code).toBe('unknown');
    },
  );

  it('is known by what caused it, however deep that is, and by each of several errors', () => {
    const wrapped = new Error('outer', { cause: new Error('inner', { cause: withCode('40P01') }) });
    expect(AlpesError.from(wrapped).code).toBe('conflict');
    expect(AlpesError.from(new AggregateError([new Error('x'), withCode('ECONNREFUSED')])).code).toBe('unavailable');
  });

  it('does not send the search for causes in circles', () => {
    const error: Error & { cause?: unknown } = new Error('of itself');
    error.cause = error;
    expect(AlpesError.from(error).code).toBe('unknown');
  });
});
