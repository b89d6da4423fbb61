import type { Publisher } from '../../publisher.js';
import type { Place } from '../pulsar/names.js';
import { createProducer, type Producer } from './producer.js';
import type { Endpoint } from './socket.js';

/** A producer for each topic that is published to. */
export function createPublisher(endpoint: Endpoint, place: Place): Publisher & { close(): Promise<void> } {
  const producers = new Map<string, Producer>();
  const producerOf = (topic: string): Producer => {
    const producer = producers.get(topic) ?? createProducer(endpoint, place, topic);
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
