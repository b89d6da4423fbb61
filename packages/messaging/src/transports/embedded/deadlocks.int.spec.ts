import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setMaxListeners } from 'node:events';
import type { TransportMessage } from '../../publisher.js';
import type { ReceivedMessage } from '../../subscriber.js';
import { dawdle, deadlocksIn, hastyAboutDeadlocks } from '../../testing/deadlocks.js';
import { eventually } from '../../testing/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Transport } from '../../transport.js';
import { connectTransport } from '../connect.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(120_000);

const TOPICS = ['a', 'b', 'c'];
const SUBSCRIPTIONS = ['x', 'y', 'z'];
const NODES = 4;

/** As many messages of every topic and key, in an order that is another for each seed. */
function messages(seed: number): TransportMessage[] {
  const all = TOPICS.flatMap((topic) => Array.from({ length: 8 }, (_, key) => ({ topic, key: `key ${key}` })));
  const turn = (seed * 7) % all.length;
  const turned = [...all.slice(turn), ...all.slice(0, turn)];
  const ordered = seed % 2 === 0 ? turned : turned.toReversed();
  return ordered.map((place) => ({ ...place, properties: {}, payload: Buffer.from(String(seed)) }));
}

/** Rotates by the number of a node, so that no two name the same things in the same order. */
const from = <T>(things: readonly T[], node: number): T[] => {
  const at = node % things.length;
  return [...things.slice(at), ...things.slice(0, at)];
};

describe('many who publish to, declare and receive from the same topics in different orders', () => {
  let log: TestDatabase;
  let nodes: Transport[];
  const stopping = new AbortController();
  beforeAll(async () => {
    // Everybody who receives listens to it.
    setMaxListeners(0, stopping.signal);
    log = await createTestDatabase();
    nodes = Array.from({ length: NODES }, () =>
      connectTransport(`embedded:${hastyAboutDeadlocks(log.url)}`, { partitions: 16, leaseMs: 600, pollMs: 50 }),
    );
  });
  afterAll(async () => {
    stopping.abort();
    await Promise.all(nodes.map((node) => node.close()));
    await log.drop();
  });

  it('never deadlock', async () => {
    await nodes[0]?.declare(TOPICS.map((topic) => ({ topic, subscriptions: [] })));
    await dawdle(log.url);
    const declared = nodes.map((node, index) =>
      node.declare(from(TOPICS, index).map((topic) => ({ topic, subscriptions: from(SUBSCRIPTIONS, index) }))),
    );
    await Promise.all(declared);
    const consumers = nodes.flatMap((node, index) => from(TOPICS, index).map((topic) => consume(node, topic)));
    for (let round = 0; round < 10; round += 1) {
      const results = nodes.map((node, index) => node.publish(messages(round * NODES + index)));
      for (const result of (await Promise.all(results)).flat()) expect(result).toBeUndefined();
    }
    await eventually(isDrained, { timeoutMs: 60_000 });
    stopping.abort();
    await Promise.all(consumers);
    await Promise.all(nodes.map((node) => node.close()));
    expect(await deadlocksIn(log.url)).toBe(0);
  });

  const seen: ReceivedMessage[] = [];

  /** Leaves and joins again and again, and acknowledges also what others have, as one does that was frozen. */
  async function consume(node: Transport, topic: string): Promise<void> {
    while (!stopping.signal.aborted) {
      const subscription = await node.subscribe({ topic, subscription: 'x', mode: 'durable', from: 'earliest' });
      for (let batches = 0; batches < 5 && !stopping.signal.aborted; batches += 1) {
        seen.push(...(await subscription.receive(30, 200, stopping.signal)));
        await subscription.acknowledge(seen.filter((message) => message.topic === topic).slice(-60));
      }
      await subscription.close();
    }
  }

  async function isDrained(): Promise<boolean> {
    const left = await Promise.all(nodes.flatMap((node) => TOPICS.map((topic) => node.backlog(topic, 'x'))));
    return left.every((backlog) => backlog === 0);
  }
});
