import type { FateStore } from '../inbox/store.js';
import type { TransportMessage } from '../publisher.js';
import { MAX_MESSAGE_BYTES } from '../size-limit.js';
import type { Letter } from './letter.js';
import { redrivenMessage } from './redriven-message.js';
import type { Told } from './state.js';
import { judgeRedrive, type Limits, type RedriveVerdict } from './verdict.js';

/** What is, or would be, done with a letter. */
export interface Plan extends Told {
  readonly verdict: RedriveVerdict;
  /** What is sent; only where the verdict is `redrive`. */
  readonly message?: TransportMessage;
}

export interface Planning<Tx> extends Limits {
  readonly service: string;
  readonly store: Pick<FateStore<Tx>, 'largeBody'>;
  /** In which the states were read; none for a plan that is only shown. */
  readonly tx?: Tx;
}

/** Judges letters by their states, and reads what is to be sent; changes nothing. */
export async function plan<Tx>(letters: readonly Told[], force: boolean, options: Planning<Tx>): Promise<Plan[]> {
  const now = new Date();
  const plans: Plan[] = [];
  for (const { letter, state } of letters) {
    const verdict = judgeRedrive(letter, state, { ...options, force, now });
    plans.push({ letter, state, ...(verdict === 'redrive' ? await prepare(letter, options) : { verdict }) });
  }
  return plans;
}

async function prepare<Tx>(
  letter: Letter,
  { service, store, tx }: Planning<Tx>,
): Promise<{ verdict: RedriveVerdict; message?: TransportMessage }> {
  if (letter.bytes > MAX_MESSAGE_BYTES || letter.isCut) return { verdict: 'too-large' };
  const payload = letter.isLarge ? await store.largeBody(service, letter.id, tx) : letter.original.payload;
  if (payload === undefined) return { verdict: 'body-gone' };
  const message = redrivenMessage(letter, service, payload);
  return message === undefined ? { verdict: 'too-large' } : { verdict: 'redrive', message };
}
