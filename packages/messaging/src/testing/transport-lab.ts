import { randomBytes } from 'node:crypto';
import type { SubscribeOptions } from '../subscriber.js';
import type { Transport } from '../transport.js';
import type { TransportSettings } from '../transports/connect.js';
import { consume, type RunningConsumer } from './running-consumer.js';
import type { ConnectTransport } from './transport-connector.js';
import { forkWorker, type Worker } from './worker.js';
import type { Seen } from './worker-protocol.js';

/** A running broker of the transport that is tested. */
export interface TransportUnderTest {
  /** Its URL for `connectTransport`. */
  readonly url: string;
  /**
   * For a transport that is none of this package: the `file:` URL of a module that exports its own `connectTransport`,
   * which a process that the suite starts loads too, so of one that plain Node can load.
   */
  readonly module?: string | undefined;
  /** Takes the broker away from all its clients, and brings it back, with what it has stored. */
  readonly outage: { begin(): Promise<void>; end(): Promise<void> };
  stop(): Promise<void>;
}

/** What a transport may lack, because it can't be had with the client that it uses. */
export type Capability = 'properties of any name';

export interface TransportSuiteSettings extends TransportSettings {
  /** What this one lacks, each with the reason and a reference: it is not tested, and that is told. */
  readonly lacks: Readonly<Partial<Record<Capability, string>>>;
  /** How long in ms to wait at most for what should happen soon, in every step of every test. */
  readonly patienceMs: number;
}

/** What the tests of a transport work with. Everything that is opened here is closed after each test. */
export interface TransportLab {
  readonly settings: TransportSuiteSettings;
  outage(): TransportUnderTest['outage'];
  connect(settings?: Partial<TransportSettings>): Transport;
  /** Declares a topic with a name of its own. */
  topic(...subscriptions: string[]): Promise<string>;
  /** A consumer of its own connection, as {@link consume}. */
  join(options: SubscribeOptions, journal?: Seen[], settings?: Partial<TransportSettings>): Promise<RunningConsumer>;
  fork(topic: string, subscription: string): Promise<Worker>;
}

/** The lab of one suite, and how to open it before each test and to clean up after it. */
export function createLab(
  broker: () => TransportUnderTest & { readonly connectTransport: ConnectTransport },
  settings: TransportSuiteSettings,
) {
  const transports: Transport[] = [];
  const workers: Worker[] = [];
  const consumers: RunningConsumer[] = [];
  const { partitions, leaseMs, pollMs, patienceMs, pulsar = {} } = settings;
  const common = { partitions, leaseMs, pollMs, pulsar };
  const connect = (own?: Partial<TransportSettings>): Transport => {
    const transport = broker().connectTransport(broker().url, { ...common, ...own });
    transports.push(transport);
    return transport;
  };
  const lab: TransportLab = {
    ...{ settings, connect },
    outage: () => broker().outage,
    join: async (options, journal, own) => {
      const consumer = consume(await connect(own).subscribe(options), journal);
      consumers.push(consumer);
      return consumer;
    },
    topic: async (...subscriptions) => {
      const topic = `test-${randomBytes(6).toString('hex')}`;
      const transport = broker().connectTransport(broker().url, common);
      await transport.declare([{ topic, subscriptions }]);
      await transport.close();
      return topic;
    },
    fork: async (topic, subscription) => {
      const subscribe = { topic, subscription, mode: 'durable', from: 'earliest' } as const;
      const { url, module } = broker();
      const worker = await forkWorker({ url, settings: common, subscribe, module }, patienceMs);
      workers.push(worker);
      return worker;
    },
  };
  const cleanUp = async (): Promise<void> => {
    // What went wrong with one of them, its test has said.
    await Promise.allSettled(consumers.splice(0).map((consumer) => consumer.stop()));
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.splice(0).map(({ ended }) => ended));
    await Promise.all(transports.splice(0).map((transport) => transport.close()));
  };
  return { lab, cleanUp };
}
