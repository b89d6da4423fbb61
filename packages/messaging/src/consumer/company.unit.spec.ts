import { describe, expect, it } from '@jest/globals';
import { companyMs } from './company.js';

const BATCH_SIZE = 200;
/** What handling a batch takes by itself. */
const WORK_MS = 20;

/** How many messages a batch has in the end, at so many messages per second. */
function settle(perSecond: number, first: number): number {
  let messages = first;
  for (let batches = 0; batches < 100; batches += 1) {
    const ms = Math.max(WORK_MS, companyMs(Math.round(messages), BATCH_SIZE));
    messages = Math.min(BATCH_SIZE, Math.max(1, (perSecond * ms) / 1_000));
  }
  return messages;
}

describe('who waits for company', () => {
  it.each([
    { perSecond: 17, messages: 1 },
    { perSecond: 150, messages: 3 },
    { perSecond: 500, messages: 50 },
    { perSecond: 1_500, messages: 150 },
  ])('has $messages messages in a batch at $perSecond a second, after a pause and after a flood', (load) => {
    for (const first of [1, BATCH_SIZE - 1]) expect(settle(load.perSecond, first)).toBe(load.messages);
  });

  it('waits neither after a few nor behind a full batch', () => {
    for (const messages of [1, 9, BATCH_SIZE]) expect(companyMs(messages, BATCH_SIZE)).toBe(0);
  });
});
