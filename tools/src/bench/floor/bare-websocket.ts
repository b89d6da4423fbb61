import { WebSocket } from 'ws';
import type { BareBroker, Encoded } from './messages.js';

/** Most messages of a producer that wait for their confirmation, and of a consumer that may be on their way to it. */
const WINDOW = 500;

interface Options {
  readonly brokerUrl: string;
  /** Tenant and namespace. */
  readonly namespace: string;
}

/**
 * Pulsar's WebSocket API with nothing but `ws`. Consumers permit each message (`pullMode`): where the broker may send as many as
 * it likes, it stopped for good before the last ones, now and then (4.0.6, several partitions).
 */
export async function openBareWebSocket({ brokerUrl, namespace }: Options): Promise<BareBroker> {
  const sockets: WebSocket[] = [];
  const open = async (path: string): Promise<WebSocket> => {
    const socket = new WebSocket(`${brokerUrl}/ws/v2/${path}`, { perMessageDeflate: false });
    sockets.push(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  };
  const nameOf = (topic: string): string => `persistent/${namespace}/${topic}`;
  const producers = new Map<string, Promise<WebSocket>>();
  const producerOf = (topic: string): Promise<WebSocket> => {
    const query = 'hashingScheme=Murmur3_32Hash&batchingEnabled=false&sendTimeoutMillis=0';
    const producer = producers.get(topic) ?? open(`producer/${nameOf(topic)}?${query}`);
    producers.set(topic, producer);
    return producer;
  };
  return {
    publish: async (topic, messages) => sendAll(await producerOf(topic), messages),
    consume: async (topic, subscription, count, take) => {
      const query = 'subscriptionType=Failover&pullMode=true&subscriptionInitialPosition=Earliest';
      const socket = await open(`consumer/${nameOf(topic)}/${subscription}?${query}`);
      const permit = (): void => socket.send(JSON.stringify({ type: 'permit', permitMessages: WINDOW / 2 }));
      await new Promise<void>((resolve, reject) => {
        let taken = 0;
        permit();
        permit();
        socket.once('close', (code, why) => reject(new Error(`${topic} was closed: ${code} ${why.toString()}`)));
        socket.on('message', (data: Buffer) => {
          const frame = JSON.parse(data.toString()) as { messageId: string; payload: string; properties: object };
          take({ properties: { ...frame.properties }, payload: Buffer.from(frame.payload, 'base64') });
          socket.send(JSON.stringify({ messageId: frame.messageId }));
          taken += 1;
          if (taken % (WINDOW / 2) === 0) permit();
          if (taken === count) resolve();
        });
      });
    },
    close: async () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

/** Keeps the window full until all are confirmed. */
function sendAll(socket: WebSocket, messages: readonly Encoded[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let [sent, confirmed] = [0, 0];
    const send = (): void => {
      for (; sent < messages.length && sent - confirmed < WINDOW; sent += 1) {
        const { key, properties, payload } = messages[sent] as Encoded;
        const base64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
        socket.send(JSON.stringify({ payload: base64, key, properties, context: String(sent) }));
      }
    };
    const onMessage = (data: Buffer): void => {
      const { result, errorMsg } = JSON.parse(data.toString()) as { result: string; errorMsg?: string };
      if (result !== 'ok') return reject(new Error(errorMsg ?? result));
      confirmed += 1;
      if (confirmed < messages.length) return send();
      socket.off('message', onMessage);
      resolve();
    };
    socket.on('message', onMessage);
    send();
  });
}
