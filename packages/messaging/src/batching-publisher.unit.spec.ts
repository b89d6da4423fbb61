import { describe, expect, it } from '@jest/globals';
import { createBatchingPublisher } from './batching-publisher.js';
import type { TransportMessage } from './publisher.js';
import { BATCH_BYTES, MAX_MESSAGE_BYTES } from './size-limit.js';
import { eventually } from './testing/eventually.js';

const message = (key: string, payload = new Uint8Array()): TransportMessage => ({
  ...{ topic: 'orders', key, properties: {}, payload },
});

/** A broker that confirms a batch when it is told to. */
function slowBroker() {
  const batches: string[][] = [];
  const answers: ((failing: Record<string, Error>) => void)[] = [];
  return {
    batches,
    /** Confirms the batch under way, but for these keys. */
    answer: async (failing: Record<string, Error> = {}) => {
      (await eventually(() => answers.shift(), { what: 'a batch under way' }))(failing);
    },
    publish: (messages: readonly TransportMessage[]) => {
      batches.push(messages.map(({ key }) => key));
      return new Promise<(Error | undefined)[]>((resolve) => {
        answers.push((failing) => {
          resolve(messages.map(({ key }) => failing[key]));
        });
      });
    },
  };
}

describe('a batching publisher', () => {
  it('publishes the first message at once and all that came meanwhile together, in order', async () => {
    const broker = slowBroker();
    const publisher = createBatchingPublisher(broker, { batchSize: 100 });
    const published = ['a', 'b', 'c', 'd'].map((key) => publisher.publish(message(key)));
    await broker.answer();
    await published[0];
    expect(broker.batches).toEqual([['a'], ['b', 'c', 'd']]);
    await broker.answer();
    await Promise.all(published);
  });

  it('makes no batch larger than it may', async () => {
    const broker = slowBroker();
    const publisher = createBatchingPublisher(broker, { batchSize: 2 });
    const published = ['a', 'b', 'c', 'd', 'e'].map((key) => publisher.publish(message(key)));
    for (let batch = 0; batch < 3; batch += 1) await broker.answer();
    await Promise.all(published);
    expect(broker.batches).toEqual([['a'], ['b', 'c'], ['d', 'e']]);
  });

  it('makes none of more large messages than it may, whatever their number', async () => {
    const broker = slowBroker();
    const publisher = createBatchingPublisher(broker, { batchSize: 1_000 });
    const large = new Uint8Array(BATCH_BYTES / 32);
    const published = Array.from({ length: 40 }, (_, index) => publisher.publish(message(String(index), large)));
    for (let batch = 0; batch < 3; batch += 1) await broker.answer();
    await Promise.all(published);
    expect(broker.batches.map(({ length }) => length)).toEqual([1, 32, 7]);
  });

  it('tells of a failure the caller whose message failed, and nobody else', async () => {
    const broker = slowBroker();
    const publisher = createBatchingPublisher(broker, { batchSize: 100 });
    const published = ['a', 'b', 'c'].map((key) => publisher.publish(message(key)));
    const outcomes = Promise.allSettled(published);
    const reason = new Error('no room');
    await broker.answer();
    await broker.answer({ b: reason });
    expect(await outcomes).toEqual([
      { status: 'fulfilled', value: undefined },
      { status: 'rejected', reason },
      { status: 'fulfilled', value: undefined },
    ]);
  });

  it('refuses a message that is too large and publishes the others', async () => {
    const broker = slowBroker();
    const publisher = createBatchingPublisher(broker, { batchSize: 100 });
    const large = publisher.publish(message('large', new Uint8Array(MAX_MESSAGE_BYTES)));
    const small = publisher.publish(message('small'));
    await expect(large).rejects.toMatchObject({ code: 'payload-too-large' });
    await broker.answer();
    await small;
    expect(broker.batches).toEqual([['small']]);
  });

  it('forgets a message that nobody waits for any more, unless it is under way', async () => {
    const broker = slowBroker();
    const publisher = createBatchingPublisher(broker, { batchSize: 100 });
    const controller = new AbortController();
    const underWay = publisher.publish(message('a'), controller.signal);
    const waiting = publisher.publish(message('b'), controller.signal);
    const other = publisher.publish(message('c'));
    const reason = new Error('too late');
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject({ message: 'too late', cause: reason });
    await broker.answer();
    await broker.answer();
    await Promise.all([underWay, other]);
    expect(broker.batches).toEqual([['a'], ['c']]);
    await expect(publisher.publish(message('d'), controller.signal)).rejects.toBe(reason);
  });

  it('goes on after a publisher that rejects though it should not', async () => {
    const results = [Promise.reject(new Error('a bug')), Promise.resolve([undefined])];
    const publisher = createBatchingPublisher({ publish: () => results.shift()! }, { batchSize: 1 });
    await expect(publisher.publish(message('a'))).rejects.toThrow('a bug');
    await publisher.publish(message('b'));
  });
});
