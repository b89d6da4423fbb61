/** The dead-letter topic of one subscription of a topic. */
export function deadLetterTopic(topic: string, subscription: string): string {
  return `${topic}-${subscription}-DLQ`;
}
