import { childTraceparent, type TransportMessage } from '@alpes/messaging';
import { randomUUID } from 'node:crypto';
import { catalogue, TransferSchema } from '../contracts.js';
import type { Random } from '../../random.js';
import type { Scenario } from '../scenario.js';
import { poisonText } from '../subject/protocol.js';
import type { Asked } from './judge.js';
import type { Site } from './site.js';

/** Asks for transfers by messages. */
export interface Commands {
  readonly asked: readonly Asked[];
  /** Publishes so many, perhaps with some of before once more. */
  publish(count: number): Promise<void>;
}

/** What is poison is among the first. */
export function createCommands({ broker, accounts }: Site, scenario: Scenario, random: Random): Commands {
  const asked: Asked[] = [];
  const sent: TransportMessage[] = [];
  const poison = [...scenario.poison];
  return {
    asked,
    publish: async (count) => {
      const fresh = Array.from({ length: count }, (_, index) => {
        const mine = index % 3 === 1 ? poison.shift() : undefined;
        const transfer = randomUUID();
        asked.push({ transfer, poison: mine, outcome: 'unknown' });
        return command(transfer, random.pick(accounts), poisonText(mine));
      });
      sent.push(...fresh);
      const news = asked.slice(-count);
      const again = scenario.duplicates ? sent.filter(() => random.chance(0.1)) : [];
      const results = await broker.transport.publish([...fresh, ...again]);
      news.forEach((one, index) => {
        if (results[index] === undefined) one.outcome = 'accepted';
      });
    },
  };
}

function command(transfer: string, account: string, poison: string): TransportMessage {
  const cause = { id: transfer, correlationId: transfer, traceparent: childTraceparent() };
  return catalogue.compose(TransferSchema, { transfer, account, poison }, { source: 'feed', cause, id: transfer });
}
