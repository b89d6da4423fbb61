import { catalogue } from '@alpes/contracts';
import { removeNamespace } from '@alpes/messaging';
import { type BrokerSettings, brokerSettings, connectBroker, pulsarSettings, readConfig } from '@alpes/service-kit';
import { askProgram } from '../ask-program.js';
import { watchCpu } from '../cpu.js';
import type { Site } from '../system/site.js';
import type { Task as MessagesTask } from './messages.js';
import type { Taken, Task as RowsTask } from './rows.js';

/** What the rows and messages of some orders cost another way than ours. */
export interface Way {
  readonly orders: number;
  readonly ordersPerSecond: number;
  /** Seconds of CPU of all orders together, by who used it. */
  readonly cpu: Readonly<Record<string, number>>;
}

/** Orders whose rows, or messages, are written together. */
const BATCH = 200;
/** Of a Pulsar, where the messages of the floor are by themselves. */
const NAMESPACE = 'alpes-floor';

/**
 * Writes rows and messages of so many orders with bare clients, both at the same time. Nothing else may write to these
 * databases meanwhile.
 */
export async function measureFloor(site: Site, orders: number): Promise<Way> {
  const broker = readConfig(brokerSettings, { ...site.env, PULSAR_NAMESPACE: NAMESPACE });
  const isPulsar = !site.brokerUrl.startsWith('embedded:');
  if (isPulsar) await declareTopics(broker);
  const usedBy = watchCpu(site.serverPids);
  const rowsTask: RowsTask = { urls: site.postgres.urls, orders, batch: BATCH };
  const namespace = `${broker.PULSAR_TENANT}/${NAMESPACE}`;
  const messagesTask: MessagesTask = { brokerUrl: site.brokerUrl, namespace, orders, batch: BATCH };
  const [rows, messages] = await Promise.all([
    askProgram<Taken>('floor/rows.js', rowsTask),
    askProgram<Taken>('floor/messages.js', messagesTask),
  ]);
  const cpu = { ...usedBy(), rows: rows.cpuSeconds, messages: messages.cpuSeconds };
  if (isPulsar) await removeNamespace(broker.BROKER_URL, pulsarSettings(broker));
  return { orders, ordersPerSecond: orders / Math.max(rows.seconds, messages.seconds), cpu };
}

async function declareTopics(broker: BrokerSettings): Promise<void> {
  const transport = connectBroker(broker);
  try {
    await transport.declare(catalogue.topology());
  } finally {
    await transport.close();
  }
}
