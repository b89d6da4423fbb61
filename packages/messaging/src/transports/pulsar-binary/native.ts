import { AlpesError } from '../../errors.js';

/**
 * What we use of `pulsar-client` (https://github.com/apache/pulsar-client-node, 1.18). Declared here, for the package may
 * be absent: it is optional.
 */
export interface PulsarClientModule {
  readonly Client: new (config: ClientConfig) => NativeClient;
  readonly AuthenticationToken: new (options: { token: string }) => object;
  readonly MessageId: {
    earliest(): NativeMessageId;
    latest(): NativeMessageId;
    deserialize(bytes: Buffer): NativeMessageId;
  };
}

export interface ClientConfig {
  readonly serviceUrl: string;
  readonly authentication?: object;
  readonly operationTimeoutSeconds: number;
  readonly tlsTrustCertsFilePath?: string;
  readonly tlsValidateHostname: boolean;
  readonly statsIntervalInSeconds: number;
  readonly logLevel: number;
}

export interface NativeClient {
  createProducer(config: ProducerConfig): Promise<NativeProducer>;
  subscribe(config: ConsumerConfig): Promise<NativeConsumer>;
  createReader(config: ReaderConfig): Promise<NativeReader>;
  getPartitionsForTopic(topic: string): Promise<string[]>;
  close(): Promise<null>;
}

interface Handle {
  isConnected(): boolean;
  close(): Promise<null>;
}

export interface ProducerConfig {
  readonly topic: string;
  readonly hashingScheme: 'Murmur3_32Hash';
  readonly messageRoutingMode: 'UseSinglePartition';
  readonly batchingEnabled: boolean;
  readonly sendTimeoutMs: number;
}

export interface NativeProducer extends Handle {
  send(message: {
    data: Buffer;
    partitionKey: string;
    properties: Readonly<Record<string, string>>;
  }): Promise<NativeMessageId>;
}

export interface ConsumerConfig {
  readonly topic: string;
  readonly subscription: string;
  readonly subscriptionType: 'Failover';
  readonly subscriptionInitialPosition: 'Earliest';
  readonly consumerName: string;
  readonly receiverQueueSize: number;
}

export interface NativeConsumer extends Handle {
  /** Rejects when the consumer is closed. */
  receive(): Promise<NativeMessage>;
  acknowledgeId(id: NativeMessageId): Promise<null>;
}

export interface ReaderConfig {
  readonly topic: string;
  readonly startMessageId: NativeMessageId;
  readonly receiverQueueSize: number;
  /** The next message comes when the promise that it returns is resolved. */
  readonly listener: (message: NativeMessage) => Promise<void>;
}

export interface NativeReader extends Handle {
  seek(id: NativeMessageId): Promise<null>;
}

export interface NativeMessage {
  getData(): Buffer;
  getPartitionKey(): string;
  /** An array, of which the properties are properties. */
  getProperties(): Readonly<Record<string, string>>;
  getPublishTimestamp(): number;
  getMessageId(): NativeMessageId;
}

export interface NativeMessageId {
  serialize(): Buffer;
}

/** Loads the add-on, once for all; rejects with `configuration`, and with what to do, where it is not there. */
export async function loadPulsarClient(from: string = 'pulsar-client'): Promise<PulsarClientModule> {
  try {
    // Not by a literal, so that types are compiled where the package is absent.
    const { default: loaded } = (await import(from)) as { default: PulsarClientModule };
    return loaded;
  } catch (error) {
    throw new AlpesError('configuration', `${ABSENT} (${reasonOf(error)})`, { cause: error });
  }
}

const ABSENT =
  'pulsar:// needs the native add-on of pulsar-client, which can not be loaded. "npm run pulsar-client" downloads it ' +
  '(npm rebuild pulsar-client --ignore-scripts=false); ws:// needs nothing of the kind';

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return `${code === undefined ? '' : `${code}: `}${message.split('\n')[0]}`;
}
