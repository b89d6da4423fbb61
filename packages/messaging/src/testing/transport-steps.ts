import { expect } from '@jest/globals';
import type { TransportMessage } from '../publisher.js';
import type { ReceivedMessage, SubscribeOptions, Subscription } from '../subscriber.js';
import type { Transport } from '../transport.js';
import { eventually } from './eventually.js';

/** A text as a message. */
export function textMessage(topic: string, key: string, text: string): TransportMessage {
  return { topic, key, properties: {}, payload: Buffer.from(text) };
}

/** Messages of many keys, which lie on all partitions, in turn; each says its key and its number: `key-3 7`. */
export function numbered(topic: string, keys: number, from: number, to: number): TransportMessage[] {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  return numbers.flatMap((number) =>
    Array.from({ length: keys }, (_, key) => textMessage(topic, `key-${key}`, `key-${key} ${number}`)),
  );
}

/** Publishes; every message has to be confirmed. */
export async function publishAll(transport: Transport, messages: readonly TransportMessage[]): Promise<void> {
  const failures = (await transport.publish(messages)).filter((result) => result !== undefined);
  expect(failures).toEqual([]);
}

/** Publishes, at each call, the next number of every key, and knows how many messages that were. */
export function rounds(transport: Transport, topic: string, keys: number, first = 0) {
  let next = first;
  return {
    published: () => (next - first) * keys,
    publish: async (): Promise<string[]> => {
      const messages = numbered(topic, keys, next, next + 1);
      next += 1;
      await publishAll(transport, messages);
      return messages.map(({ payload }) => Buffer.from(payload).toString());
    },
  };
}

/** The options of a subscription, durable and from the earliest message unless it is said otherwise. */
export function to(topic: string, subscription: string, other: Partial<SubscribeOptions> = {}): SubscribeOptions {
  return { topic, subscription, mode: 'durable', from: 'earliest', ...other };
}

/** Receives until there are `count` messages, which are acknowledged or not. */
export async function receive(
  subscription: Subscription,
  count: number,
  { acknowledge = true, patienceMs = 10_000 }: { acknowledge?: boolean; patienceMs?: number } = {},
): Promise<ReceivedMessage[]> {
  const received: ReceivedMessage[] = [];
  const enough = async (): Promise<boolean> => {
    const messages = await subscription.receive(count - received.length, 500, neverAborted());
    if (acknowledge) await subscription.acknowledge(messages);
    received.push(...messages);
    return received.length >= count;
  };
  const what = () => `${count} messages arrive; there were ${texts(received).join(', ')}`;
  await eventually(enough, { timeoutMs: patienceMs, what });
  return received;
}

/** Waits until so many messages of the subscription are not acknowledged. */
export async function backlogIs(transport: Transport, topic: string, subscription: string, count: number) {
  const isSo = async () => {
    const backlog = await transport.backlog(topic, subscription);
    if (backlog !== count) throw new Error(`the backlog is ${backlog}`);
    return true;
  };
  return eventually(isSo, { what: `the backlog of ${subscription} is ${count}` });
}

/** What a subscription has at once: nothing may come within a moment if nothing is to be received. */
export async function receiveNow(subscription: Subscription, momentMs = 300): Promise<readonly ReceivedMessage[]> {
  return subscription.receive(1_000, momentMs, neverAborted());
}

export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

export function texts(messages: readonly ReceivedMessage[]): string[] {
  return messages.map(({ payload }) => Buffer.from(payload).toString());
}
