import { expect, it } from '@jest/globals';
import { companyMs } from './company.js';

/** How many messages a batch has in the end, and how long the next one is waited for, in ms. */
function settle(perSecond: number): { messages: number; waitMs: number } {
  let [messages, waitMs] = [1, 0];
  for (let batches = 0; batches < 100; batches += 1) {
    waitMs = companyMs(Math.round(messages), 200);
    messages = Math.min(200, Math.max(1, (perSecond * waitMs) / 1_000));
  }
  return { messages, waitMs };
}

it.each([
  { perSecond: 17, messages: 1, waitMs: 5 },
  { perSecond: 150, messages: 1, waitMs: 5 },
  { perSecond: 500, messages: 50, waitMs: 100 },
  { perSecond: 1_500, messages: 150, waitMs: 100 },
])('at $perSecond messages a second a batch settles at $messages', ({ perSecond, ...settled }) => {
  expect(settle(perSecond)).toEqual(settled);
});

it('nobody waits behind a full batch', () => {
  expect(companyMs(200, 200)).toBe(0);
});
