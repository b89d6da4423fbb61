import type { TransportMessage } from '@alpes/messaging';
import type { Fault } from './fault.js';
import { about, paid } from './fault.js';
import { sampleId } from './sample-orders.js';

const messageId = sampleId('a message that is dead');

/** A dead letter of the subscription saga-log. */
export const deadLetter = (key: string, redrive = 0): TransportMessage => ({
  ...{ topic: 'crear-log-saga-log-DLQ', key, payload: new Uint8Array() },
  properties: {
    ...{ dlq_message_id: messageId, dlq_reason: 'rule-broken', dlq_error: 'no state', dlq_attempts: '1' },
    ...{ dlq_topic: 'crear-log', dlq_subscription: 'saga-log', dlq_redrive: String(redrive) },
  },
});

/** What the inbox of saga-log says once that message was redriven and handled after all, has died again, or was dropped. */
export const dealtWith = (outcome: 'done' | 'dead' | 'dropped'): string => `
  INSERT INTO messaging.inbox (subscription, message_id, outcome, redrive)
  VALUES ('saga-log', '${messageId}', '${outcome}', 1)`;

async function publish(
  { transport }: { transport: { publish(messages: TransportMessage[]): Promise<readonly (Error | undefined)[]> } },
  message: TransportMessage,
): Promise<void> {
  const [error] = await transport.publish([message]);
  if (error !== undefined) throw error;
}

export const messageFaults: readonly Fault[] = [
  {
    name: 'a message that stays in an outbox',
    make: ({ run }) =>
      run(
        'payment',
        `INSERT INTO messaging.outbox (topic, key, properties, payload) VALUES ('crear-log', '${paid.id}', '{}', '')`,
      ),
    found: [
      { problem: 'outbox-stuck', says: 'In the outbox of payment wait messages for crear-log: 1, the oldest since 20' },
    ],
  },
  {
    name: 'a message that a subscription does not take',
    make: (system) => publish(system, { topic: 'crear-log', key: paid.id, properties: {}, payload: new Uint8Array() }),
    found: [{ problem: 'backlog-stuck', says: 'On crear-log wait messages for saga-log: 1.' }],
  },
  {
    name: 'a dead letter of an order',
    make: (system) => publish(system, deadLetter(paid.id)),
    found: [about('dead-letter', `${messageId} is in crear-log-saga-log-DLQ: rule-broken: no state (attempts: 1)`)],
  },
  {
    name: 'a dead letter of a foreign producer',
    make: (system) => publish(system, { ...deadLetter('key 7'), properties: {} }),
    found: [{ problem: 'dead-letter', says: 'key "key 7" is in crear-log-saga-log-DLQ: no reason given' }],
  },
];
