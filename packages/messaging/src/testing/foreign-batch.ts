import { once } from 'node:events';
import { WebSocket } from 'ws';
import { eventually } from './eventually.js';

/** Publishes texts as one batch, as producers do that are not ours, to a partition (`tenant/namespace/topic-partition-0`). */
export async function publishBatch(websocketUrl: string, partition: string, texts: readonly string[]): Promise<void> {
  const query = new URLSearchParams({
    ...{ batchingEnabled: 'true', batchingMaxMessages: String(texts.length), batchingMaxPublishDelay: '10000' },
    messageRoutingMode: 'SinglePartition',
  });
  const socket = new WebSocket(`${websocketUrl}/ws/v2/producer/persistent/${partition}?${query.toString()}`);
  await once(socket, 'open');
  let confirmed = 0;
  socket.on('message', () => (confirmed += 1));
  for (const text of texts) socket.send(JSON.stringify({ payload: btoa(text), key: 'key', context: text }));
  await eventually(() => confirmed === texts.length, { timeoutMs: 30_000, what: 'the batch is confirmed' });
  socket.close();
}
