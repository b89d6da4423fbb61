// A consumer in a process of its own, which a suite kills or freezes. It receives, says what, and acknowledges when told.
import { AlpesError } from '../errors.js';
import type { ReceivedMessage, Subscription } from '../subscriber.js';
import { connectorOf } from './transport-connector.js';
import type { WorkerCommand, WorkerOrders, WorkerReport } from './worker-protocol.js';

const { url, module, settings, subscribe } = JSON.parse(process.argv[2] ?? '') as WorkerOrders;
const unacknowledged: ReceivedMessage[] = [];
let acknowledgeAlways = false;

function report(said: WorkerReport): void {
  process.send?.(said);
}

async function acknowledge(subscription: Subscription): Promise<void> {
  await subscription.acknowledge(unacknowledged.splice(0));
  report({ type: 'acknowledged' });
}

async function consume(subscription: Subscription): Promise<void> {
  const { signal } = new AbortController();
  for (;;) {
    const messages = await subscription.receive(100, 1_000, signal).catch((thrown: unknown) => {
      if (AlpesError.from(thrown).code !== 'unavailable') throw thrown;
      return [];
    });
    if (messages.length === 0) continue;
    unacknowledged.push(...messages);
    const seen = messages.map(({ key, payload, position }) => ({
      ...{ key, position, text: Buffer.from(payload).toString() },
    }));
    report({ type: 'received', seen });
    if (acknowledgeAlways) await acknowledge(subscription);
  }
}

process.on('disconnect', () => process.exit(0));
const connectTransport = await connectorOf(module);
const subscription = await connectTransport(url, settings).subscribe(subscribe);
process.on('message', (command: WorkerCommand) => {
  acknowledgeAlways = command === 'acknowledge always';
  void acknowledge(subscription);
});
report({ type: 'joined' });
await consume(subscription);
