import { type Contract, deadLetterTopic, type ReceivedMessage, type Transport } from '@alpes/messaging';
import { type Finding, finding } from './findings.js';

/** A message that a subscription could not handle. */
export interface DeadLetter {
  readonly topic: string;
  readonly subscription: string;
  readonly message: ReceivedMessage;
}

export interface Cemetery {
  readonly transport: Transport;
  readonly contracts: readonly Contract[];
  /** What the subscription's inbox knows of these messages. */
  readonly fates: (subscription: string, messageIds: readonly string[]) => Promise<ReadonlyMap<string, Fate>>;
}

/** Of a message, and of the redrive with which it met it. */
export interface Fate {
  readonly outcome: 'done' | 'dead' | 'dropped';
  readonly redrive: number;
}

const pageSize = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Every message that is dead, and neither redriven with success nor dropped: the letter of its last death, once, though a
 * relay that was interrupted may have published it twice.
 */
export async function* deadLetters({ transport, contracts, fates }: Cemetery): AsyncGenerator<DeadLetter> {
  for (const { topic, consumers } of contracts) {
    for (const subscription of consumers) {
      const told = new Set<string>();
      for await (const page of pages(transport, deadLetterTopic(topic, subscription))) {
        const ids = page.map(idOf).filter((id) => UUID.test(id));
        const known = await fates(subscription, ids);
        for (const message of page.filter((one) => isOpen(one, known.get(idOf(one))))) {
          const name = idOf(message) || message.position;
          if (told.has(name)) continue;
          told.add(name);
          yield { topic: message.topic, subscription, message };
        }
      }
    }
  }
}

async function* pages(transport: Transport, topic: string): AsyncGenerator<readonly ReceivedMessage[]> {
  let after: string | undefined;
  for (;;) {
    const page = await transport.browse(topic, { limit: pageSize, ...(after !== undefined && { after }) });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.position;
  }
}

/** Of what the inbox does not know nobody can say that it was handled. */
const isOpen = ({ properties }: ReceivedMessage, fate: Fate | undefined): boolean =>
  fate === undefined || (fate.outcome === 'dead' && Number(properties['dlq_redrive']) >= fate.redrive);

const idOf = ({ properties }: ReceivedMessage): string => properties['dlq_message_id'] ?? '';

/** The order that a dead letter is about, as its key tells. */
export const orderOf = ({ message }: DeadLetter): string | undefined =>
  UUID.test(message.key) ? message.key : undefined;

export function describe(letter: DeadLetter): Finding {
  const { topic, message } = letter;
  const { dlq_reason: reason = 'no reason given', dlq_error: error = '', dlq_attempts: attempts } = message.properties;
  const tries = attempts === undefined ? '' : ` (attempts: ${attempts})`;
  const key = orderOf(letter) === undefined ? `, key ${JSON.stringify(message.key)}` : '';
  const text = `Message ${idOf(message)}${key} is in ${topic}: ${reason}${error === '' ? '' : `: ${error}`}${tries}.`;
  return finding('dead-letter', text, orderOf(letter));
}
