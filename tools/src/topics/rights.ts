import { type Catalogue, deadLetterTopic } from '@alpes/messaging';

/** What a role of the broker may do with a topic. */
export interface Right {
  readonly role: string;
  readonly topic: string;
  readonly actions: readonly ('produce' | 'consume')[];
}

/**
 * What each program has to do with which topic, and no more. A program's role has its name. Whoever consumes from a topic
 * also writes dead letters, and looks through them.
 */
export function rightsOf({ contracts }: Pick<Catalogue, 'contracts'>): Right[] {
  return contracts.flatMap(({ topic, producers, consumers }): Right[] => [
    ...[...new Set([...producers, ...consumers])].map((role): Right => {
      const produces = producers.includes(role) ? (['produce'] as const) : [];
      const consumes = consumers.includes(role) ? (['consume'] as const) : [];
      return { role, topic, actions: [...produces, ...consumes] };
    }),
    ...consumers.map((role): Right => ({ role, topic: deadLetterTopic(topic, role), actions: ['produce', 'consume'] })),
  ]);
}
