import type { ReceivedMessage, Subscriber, Subscription } from '../subscriber.js';
import { createWake } from '../wake.js';
import { createKnown } from './known.js';

/** How far a partition was read. */
export interface Progress {
  /** How many messages. */
  readonly read: number;
  /** Position of the last one; undefined if there was none. */
  readonly last: string | undefined;
}

export type Ends = readonly (string | undefined)[];

/** Gives a consumer a topic stretch by stretch, from the earliest message on; between two of them it gives nothing. */
export interface Reading {
  readonly topic: string;
  readonly subscribe: () => Promise<Subscription>;
  /**
   * Gives what lies up to these positions, one for each partition by its number, and perhaps some more; resolves once all
   * that was given is acknowledged, to how far each partition was read. `onRead` is told of each message that lies behind
   * what the stretch before has given; of some more than once.
   */
  to(ends: Ends, onRead: (message: ReceivedMessage) => void): Promise<readonly Progress[]>;
}

interface Stretch {
  readonly ends: Ends;
  readonly onRead: (message: ReceivedMessage) => void;
  readonly reached: Set<number>;
  readonly resolve: (progress: readonly Progress[]) => void;
}

const isRead = ({ ends, reached }: Stretch): boolean =>
  ends.every((end, partition) => end === undefined || reached.has(partition));

export function createReading(transport: Subscriber, topic: string, partitions: number): Reading {
  const none = (): Progress[] => Array.from({ length: partitions }, () => ({ read: 0, last: undefined }));
  const wake = createWake();
  const given = new Set<string>();
  const known = createKnown();
  let progress = none();
  let stretch: Stretch | undefined;

  const note = (message: ReceivedMessage, { ends, reached, onRead }: Stretch): void => {
    const { partition, position } = message;
    progress[partition] = { read: (progress[partition]?.read ?? 0) + 1, last: position };
    given.add(position);
    if (ends[partition] === position) reached.add(partition);
    if (!known.has(message)) onRead(message);
  };
  const resolveIfDone = (): void => {
    if (stretch === undefined || given.size > 0 || !isRead(stretch)) return;
    known.upTo(progress.map(({ last }) => last));
    stretch.resolve([...progress]);
    stretch = undefined;
  };
  /** Who joins again begins at the beginning. */
  const forget = (): void => {
    given.clear();
    progress = none();
    known.rewind();
    stretch?.reached.clear();
  };
  return {
    topic,
    to: (ends, onRead) =>
      new Promise((resolve) => {
        const reached = new Set([...ends.keys()].filter((partition) => progress[partition]?.last === ends[partition]));
        stretch = { ends, onRead, reached, resolve };
        resolveIfDone();
        wake.wake();
      }),
    subscribe: async () => {
      const inner = await transport.subscribe({ topic, subscription: 'replay', mode: 'ephemeral', from: 'earliest' });
      forget();
      return {
        ...inner,
        receive: async (max, waitMs, signal) => {
          if (stretch === undefined || isRead(stretch)) {
            await wake.wait(waitMs, signal);
            return [];
          }
          const messages = await inner.receive(max, waitMs, signal);
          for (const message of messages) note(message, stretch);
          return messages;
        },
        acknowledge: async (messages) => {
          for (const { position } of messages) given.delete(position);
          resolveIfDone();
        },
      };
    },
  };
}
