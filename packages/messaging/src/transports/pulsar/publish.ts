import type { Publisher } from '../../publisher.js';
import { createProducer, type Producer } from './producer.js';
import type { Wire } from './wire.js';

/** A producer for each topic that is published to. None connects any more once the signal is aborted. */
export function createPublisher(wire: Wire, signal: AbortSignal): Publisher & { close(): Promise<void> } {
  // To each a signal of its own: Node warns of many who listen to one.
  const producers = new Map<string, Producer>();
  const producerOf = (topic: string): Producer => {
    const producer = producers.get(topic) ?? createProducer(wire, topic, AbortSignal.any([signal]));
    producers.set(topic, producer);
    return producer;
  };
  return {
    publish: async (messages) => {
      const topics = [...new Set(messages.map(({ topic }) => topic))];
      const each = topics.map(async (topic) => {
        const results = await producerOf(topic).publish(messages.filter((message) => message.topic === topic));
        const pair: [string, (Error | undefined)[]] = [topic, [...results]];
        return pair;
      });
      const resultsOf = new Map(await Promise.all(each));
      return messages.map(({ topic }) => resultsOf.get(topic)?.shift());
    },
    close: async () => {
      await Promise.all([...producers.values()].map((producer) => producer.close()));
    },
  };
}
