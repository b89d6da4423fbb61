import { describe, expect, it } from '@jest/globals';
import { AlpesError } from '../../errors.js';
import type { ReceivedMessage } from '../../subscriber.js';
import { BATCH_BYTES } from '../../size-limit.js';
import { type Arrivals, createArrivals } from './arrivals.js';
import { createIntake, type Lane } from './intake.js';

const away = new AlpesError('unavailable', 'away');
const message = (position: string): ReceivedMessage => ({
  ...{ topic: 't', key: position, properties: {}, payload: Buffer.alloc(0), partition: 0, position },
  publishedAt: new Date(),
});
const arrivals = (messages: readonly ReceivedMessage[]): Arrivals => {
  const arrived = createArrivals();
  for (const one of messages) arrived.add(one);
  return arrived;
};
const lane = (failure: AlpesError | undefined, ...positions: readonly string[]): Lane => ({
  arrived: arrivals(positions.map(message)),
  onReceived: () => {},
  connection: { failure: () => failure, close: async () => {} },
});

describe('what is received from several partitions', () => {
  const { signal } = new AbortController();

  it('is what those have that are there, and the others are told of beside', async () => {
    const intake = createIntake([lane(undefined, 'a'), lane(away)], 10);
    expect(await intake.receive(10, 10, signal)).toMatchObject([{ position: 'a' }]);
    expect(intake.failure()).toBe(away);
    await expect(intake.receive(10, 10, signal)).rejects.toBe(away);
  });

  it('are fewer if they are large', async () => {
    const large = { ...message('large'), payload: Buffer.alloc(BATCH_BYTES / 8) };
    const arrived = arrivals(Array.from({ length: 20 }, () => large));
    const intake = createIntake([{ ...lane(undefined), arrived }], 10);
    const sizes = [];
    while (arrived.size() > 0) sizes.push((await intake.receive(100, 10, signal)).length);
    expect(sizes).toEqual([8, 8, 4]);
  });

  it('may be nothing while all are there', async () => {
    const intake = createIntake([lane(undefined), lane(undefined)], 10);
    expect(await intake.receive(10, 10, signal)).toEqual([]);
    expect(intake.failure()).toBeUndefined();
  });
});
