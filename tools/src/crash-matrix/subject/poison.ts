import { AlpesError, type Incoming, type InboxStore } from '@alpes/messaging';
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { type Orders, poisonFor, type TryNote } from './protocol.js';

interface Poisonable {
  readonly poison: string;
}

/** Sees the tries of poison from outside of every transaction. */
export interface Taster<Tx> {
  /** An inbox store that also notes what is counted. */
  watch(store: InboxStore<Tx>): InboxStore<Tx>;
  /** Refuses a body that breaks a rule. */
  parse<Body extends Poisonable>(body: Body): Body;
  /** Does what the poison among these messages does. */
  taste(messages: readonly Incoming<Poisonable>[]): void;
}

/**
 * A try is one of those that count if the message was counted and then handled alone. Everything is noted in a file: that
 * is there whatever becomes of the try's transaction, and of the process.
 */
export function createTaster<Tx>({ stage, triesFile, maxAttempts }: Orders): Taster<Tx> {
  const by = randomUUID();
  const note = (what: TryNote['what'], id: string, attempts?: number): void =>
    appendFileSync(triesFile, `${JSON.stringify({ by, id, what, attempts })}\n`);
  const counted = new Set<string>();
  return {
    watch: (store) => ({
      ...store,
      countAttempt: async (subscription, message) => {
        const { messageId: id } = message;
        note('counting', id);
        const attempts = await store.countAttempt(subscription, message);
        if (attempts === undefined) note('uncounted', id);
        else {
          note(attempts > maxAttempts ? 'spent' : 'counted', id, attempts);
          counted.add(id);
        }
        return attempts;
      },
      uncountAttempt: async (subscription, id) => {
        try {
          await store.uncountAttempt(subscription, id);
        } catch (error) {
          note('kept', id);
          throw error;
        }
        counted.delete(id);
        note('uncounted', id);
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
        if (alone) note('tried', envelope.id);
        if (kind === 'kills') process.kill(process.pid, 'SIGKILL');
        throw new Error('this transfer is poison');
      }
    },
  };
}
