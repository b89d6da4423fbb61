import { expect, it } from '@jest/globals';
import { AlpesError } from '../errors.js';
import type { InboxStore } from '../inbox/store.js';
import type { Outbox } from '../outbox/outbox.js';
import type { TransportMessage } from '../publisher.js';
import type { ReceivedMessage } from '../subscriber.js';
import { createUndertaker } from './dead-letter.js';

const received: ReceivedMessage = {
  ...{ topic: 'orders', key: 'a\0b', payload: Uint8Array.of(1), partition: 2, position: '2:5' },
  ...{ properties: { own: 'header', dlq_reason: 'of an earlier death' }, publishedAt: new Date(0) },
};

async function bury(isNew: boolean): Promise<TransportMessage[]> {
  const sent: TransportMessage[] = [];
  const inbox = { markDead: async () => isNew } as unknown as InboxStore<object>;
  const outbox: Outbox<object> = {
    inTransaction: (work) => work({}),
    enqueue: async (_tx, messages) => void sent.push(...messages),
  };
  const error = new AlpesError('rule-broken', 'x'.repeat(5_000));
  const key = { messageId: 'an id', redrive: 3 };
  expect(await createUndertaker('warehouse', inbox, outbox)({ received, key, error, attempts: 1 })).toBe(isNew);
  return sent;
}

it('a dead letter is the message with the story of its latest death, in texts that any database can hold', async () => {
  const [letter] = await bury(true);
  expect(letter).toMatchObject({ topic: 'orders-warehouse-DLQ', key: 'ab', payload: received.payload });
  expect(letter?.properties).toMatchObject({
    ...{ own: 'header', dlq_reason: 'rule-broken', dlq_error: 'x'.repeat(1_000), dlq_redrive: '3' },
    ...{
      dlq_message_id: 'an id',
      dlq_partition: '2',
      dlq_position: '2:5',
      dlq_published_at: '1970-01-01T00:00:00.000Z',
    },
  });
});

it('a message that is dead or handled already gets no letter', async () => {
  expect(await bury(false)).toEqual([]);
});
