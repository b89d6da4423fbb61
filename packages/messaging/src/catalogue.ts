import {
  create,
  type DescFile,
  type DescMessage,
  fromBinary,
  getOption,
  hasOption,
  type MessageInitShape,
  type MessageShape,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf';
import { v7 as uuidv7 } from 'uuid';
import { type Cause, causedBy, toProperties } from './envelope.js';
import { AlpesError } from './errors.js';
import { Kind, key as keyOption, route as routeOption } from './gen/alpes/messaging/v1/options_pb.js';
import type { TransportMessage } from './publisher.js';
import { assertPublishable } from './size-limit.js';
import { deadLetterTopic } from './topic-names.js';
import type { Topology } from './transport.js';

/** How one message travels, as its proto file declares it. */
export interface Contract<Desc extends DescMessage = DescMessage> {
  readonly schema: Desc;
  readonly type: string;
  readonly topic: string;
  readonly kind: 'command' | 'integration event' | 'state-transfer event';
  /** Name of the field that keys the message. */
  readonly keyField: string;
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
}

/** What is said about a new message beside its body. */
export interface MessageContext {
  /** The service that says it. */
  readonly source: string;
  readonly cause: Cause;
  /** Without it a new UUIDv7. */
  readonly id?: string;
  /** Without it now. */
  readonly time?: Date;
  readonly aggregateVersion?: number;
}

/** The contracts of a system. */
export interface Catalogue {
  readonly contracts: readonly Contract[];
  /** The contract of a message; throws `configuration` for one that declares no route. */
  contractOf<Desc extends DescMessage>(schema: Desc): Contract<Desc>;
  /**
   * A message ready for the outbox or a publisher. Throws `configuration` if `source` is not among its producers,
   * `invalid-input` if its key is empty, `payload-too-large`.
   */
  compose<Desc extends DescMessage>(
    schema: Desc,
    body: MessageInitShape<Desc>,
    context: MessageContext,
  ): TransportMessage;
  /** Every topic with the subscriptions of its consumers, and the dead-letter topic of each. */
  topology(): Topology;
  /** What a service publishes to or subscribes to, and the dead-letter topics of its subscriptions. */
  topicsOf(service: string): readonly string[];
}

/** Reads the routes out of the descriptors of proto files; throws `configuration` for a contract that is incomplete. */
export function createCatalogue(files: readonly DescFile[]): Catalogue {
  const messages = new Set(files.flatMap((file) => file.messages.flatMap(withNested)));
  const contracts = [...messages].filter((message) => hasOption(message, routeOption)).map(readContract);
  rejectSharedTopics(contracts);
  const byType = new Map(contracts.map((contract) => [contract.type, contract]));
  const contractOf = <Desc extends DescMessage>(schema: Desc): Contract<Desc> => {
    const contract = byType.get(schema.typeName);
    if (contract === undefined) throw new AlpesError('configuration', `${schema.typeName} declares no route`);
    return contract.schema === schema ? (contract as Contract<Desc>) : { ...contract, schema };
  };
  return {
    contracts,
    contractOf,
    compose: (schema, body, context) => compose(contractOf(schema), create(schema, body), context),
    topology: () => contracts.flatMap(topologyOf),
    topicsOf: (service) => contracts.flatMap((contract) => topicsOf(contract, service)),
  };
}

function withNested(message: DescMessage): DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)];
}

/** Decodes a payload; throws `undecodable`. */
export function decodeBody<Desc extends DescMessage>(schema: Desc, payload: Uint8Array): MessageShape<Desc> {
  try {
    return fromBinary(schema, payload);
  } catch (error) {
    const why = AlpesError.from(error).message;
    throw new AlpesError('undecodable', `the payload is no ${schema.typeName}: ${why}`, { cause: error });
  }
}

const KINDS: ReadonlyMap<Kind, Contract['kind']> = new Map([
  [Kind.COMMAND, 'command'],
  [Kind.INTEGRATION_EVENT, 'integration event'],
  [Kind.STATE_TRANSFER_EVENT, 'state-transfer event'],
]);

function readContract(schema: DescMessage): Contract {
  const { topic, kind: kindNumber, producers, consumers } = getOption(schema, routeOption);
  const kind = KINDS.get(kindNumber);
  const keys = schema.fields.filter((field) => getOption(field, keyOption));
  const [keyField] = keys;
  const problems = [
    ...(topic === '' ? ['no topic'] : []),
    ...(kind === undefined ? ['no kind'] : []),
    ...(producers.length === 0 ? ['no producers'] : []),
    ...(keys.length === 1 && keyField?.scalar === ScalarType.STRING ? [] : ['not exactly one string field as key']),
  ];
  if (problems.length > 0 || keyField === undefined || kind === undefined) {
    throw new AlpesError('configuration', `the route of ${schema.typeName} has ${problems.join(', ')}`);
  }
  return {
    schema,
    type: schema.typeName,
    topic,
    kind,
    keyField: keyField.localName,
    producers,
    consumers,
  };
}

/** One topic carries one type: so a message without properties still says what it is. */
function rejectSharedTopics(contracts: readonly Contract[]): void {
  for (const { topic, type } of contracts) {
    const others = contracts.filter((other) => other.topic === topic && other.type !== type);
    if (others[0] !== undefined) {
      throw new AlpesError('configuration', `${type} and ${others[0].type} share the topic ${topic}`);
    }
  }
}

function compose<Desc extends DescMessage>(
  { schema, type, topic, keyField, producers }: Contract<Desc>,
  body: MessageShape<Desc>,
  { source, cause, id = uuidv7(), time = new Date(), aggregateVersion }: MessageContext,
): TransportMessage {
  if (!producers.includes(source)) {
    throw new AlpesError('configuration', `${source} publishes ${type}, but its route names ${producers.join(', ')}`);
  }
  const subject = String((body as unknown as Record<string, unknown>)[keyField]);
  if (subject === '') throw new AlpesError('invalid-input', `${type} without ${keyField}, which keys it`);
  const envelope = { id, type, source, time, subject, redrive: 0, ...causedBy(cause) };
  const properties = toProperties({ ...envelope, ...(aggregateVersion !== undefined && { aggregateVersion }) });
  return assertPublishable({ topic, key: subject, properties, payload: toBinary(schema, body) });
}

/** A dead-letter topic has one partition: what died is rare, and its order is the order of deaths. */
function topologyOf({ topic, consumers }: Contract): Topology {
  return [
    { topic, subscriptions: consumers },
    ...consumers.map((consumer) => ({
      topic: deadLetterTopic(topic, consumer),
      subscriptions: [],
      partitions: 1,
    })),
  ];
}

function topicsOf({ topic, producers, consumers }: Contract, service: string): string[] {
  if (consumers.includes(service)) return [topic, deadLetterTopic(topic, service)];
  return producers.includes(service) ? [topic] : [];
}
