import type { ReceivedMessage, Subscription, Transport, TransportMessage } from '@alpes/messaging';
import { createWake } from '@alpes/messaging';
import { createHash } from 'node:crypto';

/** A broker that gives every consumer all messages, to each in another order of the keys. */
export interface ShuffledTransport extends Transport {
  /** Whether every consumer has acknowledged everything. */
  isDone(): boolean;
}

export interface ShuffledOptions {
  /** What is on each topic; each key's in its order. */
  readonly messages: readonly TransportMessage[];
  /** Takes what is published. */
  readonly published: TransportMessage[];
  readonly seed: number;
}

export function shuffledTransport({ messages, published, seed }: ShuffledOptions): ShuffledTransport {
  const received = messages.map(receive);
  const open = new Set(received.map(placeOf));
  const subscribe = (topic: string): Subscription => {
    const ours = received.filter((message) => message.topic === topic);
    const queue = shuffleKeys(ours, seed);
    return {
      receive: async (max, waitMs, signal) => {
        if (queue.length === 0) await createWake().wait(waitMs, signal);
        return queue.splice(0, max);
      },
      acknowledge: async (done) => {
        for (const message of done) open.delete(placeOf(message));
      },
      close: async () => {},
    };
  };
  return {
    isDone: () => open.size === 0,
    publish: async (more) => {
      published.push(...more);
      return more.map(() => undefined);
    },
    subscribe: async ({ topic }) => subscribe(topic),
    partitions: async () => 1,
    endPositions: async () => [BigInt(messages.length)],
    extents: async () => [{ end: received.at(-1)?.position, cut: undefined }],
    hasAcknowledged: async () => [open.size === 0],
    backlog: async () => open.size,
    unattended: async () => 0,
    browse: async () => [],
    declare: async () => {},
    check: async () => {},
    close: async () => {},
  };
}

function receive(message: TransportMessage, index: number): ReceivedMessage {
  return { ...message, partition: 0, position: String(index), publishedAt: new Date() };
}

const placeOf = ({ topic, position }: ReceivedMessage): string => `${topic} ${position}`;

/** Most messages between the old and the new place of one: replicas are to be busy with the same ones at a time. */
const WINDOW = 20;

/** Deals the keys' messages out so that each key keeps its own order. */
function shuffleKeys(messages: readonly ReceivedMessage[], seed: number): ReceivedMessage[] {
  const places = messages.map(({ key }, index) => ({
    key,
    at: Math.floor(index / WINDOW) + fraction(`${seed} ${index}`),
  }));
  const left = [...messages];
  return places
    .toSorted((one, other) => one.at - other.at)
    .flatMap(({ key }) =>
      left.splice(
        left.findIndex((message) => message.key === key),
        1,
      ),
    );
}

/** A number from 0 to below 1, the same for the same text. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
