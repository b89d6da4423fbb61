import type { PulsarSettings } from './settings.js';

/** Where topics lie. */
export type Place = Pick<PulsarSettings, 'tenant' | 'namespace'>;

/** The path of a namespace, as the admin API writes it. */
export function namespacePath({ tenant, namespace }: Place): string {
  return [tenant, namespace].map(encodeURIComponent).join('/');
}

/** The path of a topic, or of one of its partitions, as the admin API and the WebSocket API write it. */
export function topicPath(place: Place, topic: string): string {
  return `persistent/${namespacePath(place)}/${encodeURIComponent(topic)}`;
}

/** The full name of a topic, or of one of its partitions, as the binary protocol writes it. */
export function topicName({ tenant, namespace }: Place, topic: string): string {
  return `persistent://${tenant}/${namespace}/${topic}`;
}

/** The topic that a partition of a partitioned topic is. */
export function partitionTopic(topic: string, partition: number): string {
  return `${topic}-partition-${partition}`;
}

/** The numbers of so many partitions. */
export function partitionNumbers(partitions: number): number[] {
  return Array.from({ length: partitions }, (_, number) => number);
}
