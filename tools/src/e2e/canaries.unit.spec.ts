import { describe, expect, it } from '@jest/globals';
import { CANARIES, secretsIn } from './canaries.js';

const line = (fields: object): string => `${JSON.stringify({ level: 'error', service: 'order', ...fields })}\n`;
const payload = (offset: number): Buffer => Buffer.from(`${'x'.repeat(offset)}${CANARIES.address}, Bogotá`);

describe('the search for what must not be logged', () => {
  it.each<[string, string]>([
    ['a field', line({ address: `Apt 3, ${CANARIES.address}` })],
    ['the text of an error', line({ err: { message: `Key (address)=(${CANARIES.address}) already exists.` } })],
    ['JSON within JSON', line({ body: JSON.stringify({ address: CANARIES.address }) })],
    ['bytes that were written as JSON', line({ payload: payload(1).toJSON() })],
    ['bytes in hex', line({ payload: payload(1).toString('hex') })],
    ...[0, 1, 2, 3].map((n): [string, string] => [
      `base64, ${n} bytes in`,
      line({ payload: payload(n).toString('base64') }),
    ]),
  ])('finds it in %s', (_, text) => {
    expect(secretsIn(text, CANARIES)).toEqual(['address']);
  });

  it('finds each, and nothing in a line without', () => {
    expect(secretsIn(line(CANARIES), CANARIES)).toEqual(Object.keys(CANARIES));
    expect(secretsIn(line({ message: 'ready', port: 4711 }), CANARIES)).toEqual([]);
  });
});
