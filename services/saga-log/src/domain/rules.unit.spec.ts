import { describe, expect, it } from '@jest/globals';
import { assertStep } from './rules.js';
import type { Step } from './step.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const step: Step = {
  ...{ messageId: ID, orderId: ID, at: new Date(0), service: 'order', message: 'OrdenCreada', state: 'PENDING' },
  ...{ detail: '', causationId: null, correlationId: 'a request', traceId: 'a'.repeat(32), orderVersion: 1 },
};

describe('a step', () => {
  it('is taken as it is when it can be stored', () => {
    expect(assertStep(step)).toBe(step);
  });

  it.each<{ wrong: string; change: Partial<Step>; path: string }>([
    { wrong: 'no UUID of an order', change: { orderId: '42' }, path: 'orderId' },
    { wrong: 'no state', change: { state: ' ' }, path: 'state' },
    { wrong: 'version 0', change: { orderVersion: 0 }, path: 'version' },
    { wrong: 'a version past the column', change: { orderVersion: 2 ** 31 }, path: 'version' },
    { wrong: 'U+0000 in its detail', change: { detail: 'a\u0000b' }, path: 'detail' },
    { wrong: 'U+0000 in a header', change: { causationId: '\u0000' }, path: 'causationId' },
  ])('breaks a rule with $wrong', ({ change, path }) => {
    const details: unknown = [expect.objectContaining({ path })];
    const broken: unknown = expect.objectContaining({ code: 'rule-broken', details });
    expect(() => assertStep({ ...step, ...change })).toThrow(broken);
  });
});
