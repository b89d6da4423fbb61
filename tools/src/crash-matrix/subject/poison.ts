import { AlpesError, type Incoming, type InboxStore } from '@alpes/messaging';
import { appendFileSync } from 'node:fs';
import type { Stage } from '../scenario.js';
import { poisonFor } from './protocol.js';

interface Poisonable {
  readonly poison: string;
}

/** Sees the tries of poison from outside of every transaction. */
export interface Taster<Tx> {
  /** An inbox store that also sees which message is about to be tried alone. */
  watch(store: InboxStore<Tx>): InboxStore<Tx>;
  /** Refuses a body that breaks a rule. */
  parse<Body extends Poisonable>(body: Body): Body;
  /** Does what the poison among these messages does. */
  taste(messages: readonly Incoming<Poisonable>[]): void;
}

/**
 * A try is one of those that count if the message was counted and then handled alone. It is noted in a file: that is
 * there whatever becomes of the try's transaction, and of the process.
 */
export function createTaster<Tx>(stage: Stage, triesFile: string): Taster<Tx> {
  const counted = new Set<string>();
  return {
    watch: (store) => ({
      ...store,
      countAttempt: async (subscription, message) => {
        const attempts = await store.countAttempt(subscription, message);
        counted.add(message.messageId);
        return attempts;
      },
    }),
    parse: (body) => {
      if (poisonFor(stage, body.poison) === 'refused') throw new AlpesError('rule-broken', 'this transfer is refused');
      return body;
    },
    taste: (messages) => {
      const [first] = messages;
      const alone = messages.length === 1 && first !== undefined && counted.delete(first.envelope.id);
      for (const { envelope, value } of messages) {
        const kind = poisonFor(stage, value.poison);
        if (kind === undefined) continue;
        if (alone) appendFileSync(triesFile, `${envelope.id}\n`);
        if (kind === 'kills') process.kill(process.pid, 'SIGKILL');
        throw new Error('this transfer is poison');
      }
    },
  };
}
