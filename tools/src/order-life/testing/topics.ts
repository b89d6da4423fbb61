import { catalogue } from '@alpes/contracts';
import {
  decodeBody,
  type Incoming,
  readEnvelope,
  type SubscriptionDefinition,
  type TransportMessage,
} from '@alpes/messaging';

/** A message on its way to the one who handles it. */
export interface Message {
  /** Such as `OrdenCreada 1`: its type, and how many of them there were. */
  readonly name: string;
  readonly id: string;
  readonly key: string;
  readonly incoming: Incoming<unknown>;
}

/** A topic with the subscription that moves orders on. */
export interface Topic {
  readonly topic: string;
  /** Those that are not acknowledged, in the order in which they came. A message can be there more than once. */
  waiting: readonly Message[];
  /** All that there ever were. */
  readonly published: readonly Message[];
  publish(message: TransportMessage): void;
  /** Handles messages in one transaction, but for those that the inbox knows. */
  handle(messages: readonly Message[], tx: { readonly inbox: Set<string> }): Promise<void>;
}

export function createTopic<Tx extends { readonly inbox: Set<string> }>(
  { schema, parse, handle }: SubscriptionDefinition<Tx>,
  /** Told of each message, and whether it is new to the inbox. */
  arrived: (message: Message, isNew: boolean) => void,
): Topic {
  const { topic, type } = catalogue.contractOf(schema);
  const published: Message[] = [];
  const self: Topic = {
    ...{ topic, published, waiting: [] },
    publish: (message) => {
      const received = { ...message, partition: 0, position: String(published.length), publishedAt: new Date() };
      const envelope = readEnvelope(received, type);
      const value = parse(decodeBody(schema, message.payload) as never, envelope);
      const name = `${schema.name} ${published.length + 1}`;
      const added: Message = { name, id: envelope.id, key: message.key, incoming: { envelope, value } };
      published.push(added);
      self.waiting = [...self.waiting, added];
    },
    handle: async (messages, tx) => {
      const fresh: Incoming<unknown>[] = [];
      for (const message of messages) {
        const isNew = !tx.inbox.has(message.id);
        arrived(message, isNew);
        if (isNew) fresh.push(message.incoming);
        tx.inbox.add(message.id);
      }
      if (fresh.length > 0) await handle(fresh, tx as Tx);
    },
  };
  return self;
}
