import { readEnvelope } from '../envelope.js';
import { AlpesError } from '../errors.js';
import type { ReceivedMessage } from '../subscriber.js';
import { type Delivery, open } from './delivery.js';
import type { ConsumerOptions } from './options.js';
import { newTrial, type Trial } from './parking.js';

/** Received messages by what is to be done with them. */
export interface Sorted {
  readonly readable: readonly Delivery[];
  /** Dead on arrival: what they carry is not what their topic carries, or nothing that the service takes. */
  readonly dead: readonly Trial[];
  /** Redrives that are for another subscription. */
  readonly foreign: readonly ReceivedMessage[];
}

export function sort(
  messages: readonly ReceivedMessage[],
  { contract, parse, subscriptionName }: Pick<ConsumerOptions, 'contract' | 'parse' | 'subscriptionName'>,
): Sorted {
  const readable: Delivery[] = [];
  const dead: Trial[] = [];
  const foreign: ReceivedMessage[] = [];
  for (const received of messages) {
    const envelope = readEnvelope(received, contract.type);
    if (envelope.redriveFor !== undefined && envelope.redriveFor !== subscriptionName) {
      foreign.push(received);
      continue;
    }
    try {
      readable.push(open({ received, envelope }, contract, parse));
    } catch (thrown) {
      dead.push(newTrial({ received, envelope, value: undefined }, AlpesError.from(thrown)));
    }
  }
  return { readable, dead, foreign };
}
