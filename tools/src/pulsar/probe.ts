import { randomUUID } from 'node:crypto';
import { connectTransport, type PulsarSettings, type Transport } from '@alpes/messaging';

const TOPIC = 'probe';
/** How long in ms a message may take on its way. */
const ARRIVAL_MS = 10_000;

/**
 * Whether a message goes through the broker, there and back. Its own health page may say that it is well when it can't
 * store anything.
 */
export async function isReady(url: string, access: Pick<PulsarSettings, 'adminUrl' | 'token'>): Promise<boolean> {
  // A namespace of its own, which nobody looks into.
  const pulsar = { ...access, tenant: 'public', namespace: 'alpes-probe' };
  const transport = connectTransport(url, { partitions: 1, pulsar });
  try {
    return await sendThereAndBack(transport);
  } catch {
    return false;
  } finally {
    await transport.close();
  }
}

async function sendThereAndBack(transport: Transport): Promise<boolean> {
  await transport.declare([{ topic: TOPIC, subscriptions: [] }]);
  const options = { topic: TOPIC, subscription: 'probe', mode: 'ephemeral', from: 'latest' } as const;
  const subscription = await transport.subscribe(options);
  const key = randomUUID();
  const [failure] = await transport.publish([{ topic: TOPIC, key, properties: {}, payload: Buffer.alloc(0) }]);
  if (failure !== undefined) return false;
  const [message] = await subscription.receive(1, ARRIVAL_MS, AbortSignal.timeout(ARRIVAL_MS));
  return message?.key === key;
}
