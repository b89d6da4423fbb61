import { AlpesError } from '@alpes/messaging';
import { describe, expect, it } from '@jest/globals';
import { fromHttpError, toProblem } from './problem.js';

describe('a problem document', () => {
  it('names the part of the input that is wrong', () => {
    const details = [{ path: 'body.clientId', message: 'must be a positive integer' }];
    const problem = toProblem(new AlpesError('invalid-input', 'the order is wrong', { details }));
    expect(problem).toMatchObject({
      status: 400,
      code: 'invalid-input',
      detail: 'the order is wrong',
      errors: details,
    });
  });

  it('tells nothing of an error of ours', () => {
    const problem = toProblem(AlpesError.from(new Error('column "secret" does not exist')));
    expect(problem).toMatchObject({ status: 500, code: 'unknown', errors: [] });
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it('says 503 when a part is away', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(toProblem(AlpesError.from(refused)).status).toBe(503);
  });

  it.each([
    ['entity.parse.failed', 'invalid-input', 'body'],
    ['entity.too.large', 'payload-too-large', 'body'],
    ['charset.unsupported', 'unsupported-media-type', 'headers.content-type'],
    ['encoding.unsupported', 'unsupported-media-type', 'headers.content-encoding'],
  ])('understands what the body parser calls %s', (type, code, path) => {
    const error = fromHttpError(Object.assign(new Error('x'), { type, status: 400 }));
    expect(error).toMatchObject({ code, details: [{ path }] });
  });

  it.each(['Z_DATA_ERROR', 'ERR__ERROR_FORMAT_PADDING_2'])('takes %s for a body that is not compressed', (code) => {
    const error = fromHttpError(Object.assign(new Error('Decompression failed'), { code, status: 400 }));
    expect(error).toMatchObject({ code: 'invalid-input', details: [{ path: 'body' }] });
  });

  it('takes any other error of status 4xx for bad input', () => {
    const error = fromHttpError(Object.assign(new URIError('URI malformed'), { status: 400 }));
    expect(error).toMatchObject({ code: 'invalid-input', details: [{ path: 'url', message: 'URI malformed' }] });
  });
});
