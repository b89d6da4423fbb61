// The messages of all services, published and consumed with nothing but the client of the transport: what it can do at best.
import { catalogue } from '@alpes/contracts';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { TransportMessage } from '@alpes/messaging';
import { answerTask } from '../ask-program.js';
import { openBareLog } from './bare-log.js';
import { openBareWebSocket } from './bare-websocket.js';
import type { Taken } from './rows.js';
import { samples } from './sample.js';

export interface Task {
  /** Where the topics are, without messages: `embedded:…` or `ws://…`. */
  readonly brokerUrl: string;
  /** Of a Pulsar. */
  readonly namespace: string;
  readonly orders: number;
  /** Orders whose messages are published together. */
  readonly batch: number;
}

/** A broker without our framework. */
export interface BareBroker {
  /** Resolves when all of these, of one topic, are confirmed. */
  publish(topic: string, messages: readonly Encoded[]): Promise<void>;
  /** Consumes and acknowledges so many messages of a subscription, beginning with the first; each is given to `take`. */
  consume(topic: string, subscription: string, count: number, take: (message: Received) => void): Promise<void>;
  close(): Promise<void>;
}

export interface Encoded {
  readonly key: string;
  readonly properties: TransportMessage['properties'];
  readonly payload: Uint8Array;
}

export interface Received {
  readonly properties: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

async function carryAll(task: Task): Promise<Taken> {
  const all = samples(task.orders);
  const contracts = catalogue.contracts.filter(({ topic }) => all[0]?.messages.some((one) => one.topic === topic));
  const bodies = contracts.map(({ schema, topic }) =>
    all.map(({ messages }) => {
      const message = messages.find((one) => one.topic === topic);
      if (message === undefined) throw new Error(`an order has no message on ${topic}`);
      return { ...message, body: fromBinary(schema, message.payload) };
    }),
  );
  const broker = task.brokerUrl.startsWith('embedded:')
    ? await openBareLog(task.brokerUrl.slice('embedded:'.length))
    : await openBareWebSocket(task);
  const [begunAt, cpu] = [performance.now(), process.cpuUsage()];
  await Promise.all(
    contracts.flatMap(({ schema, topic, consumers }, index) => [
      (async () => {
        const waiting = bodies[index] ?? [];
        for (let from = 0; from < waiting.length; from += task.batch) {
          const batch = waiting.slice(from, from + task.batch);
          const encoded = batch.map(({ key, properties, body }) => ({
            ...{ key, properties, payload: toBinary(schema, body) },
          }));
          await broker.publish(topic, encoded);
        }
      })(),
      ...consumers.map((consumer) =>
        broker.consume(topic, consumer, task.orders, ({ payload }) => void fromBinary(schema, payload)),
      ),
    ]),
  );
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - begunAt) / 1_000;
  await broker.close();
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

answerTask(carryAll);
