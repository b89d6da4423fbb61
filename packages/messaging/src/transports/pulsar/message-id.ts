import { AlpesError } from '../../errors.js';

/** Where a message lies within its partition. Several messages may share an entry, as a batch. */
export interface MessageId {
  readonly partition: number;
  readonly ledger: bigint;
  readonly entry: bigint;
  /** Place within its batch; undefined for a message that is alone in its entry. */
  readonly batch?: number | undefined;
}

/** As a position of the ports: `3:141:59` is entry 59 of ledger 141 of partition 3, `3:141:59:2` the third message in it. */
export function formatPosition({ partition, ledger, entry, batch }: MessageId): string {
  return `${partition}:${ledger}:${entry}${batch === undefined ? '' : `:${batch}`}`;
}

/** Throws `invalid-input` if it is a position of another transport. */
export function parsePosition(position: string): MessageId {
  const [, partition, ledger, entry, batch] = /^(\d+):(\d+):(\d+)(?::(\d+))?$/.exec(position) ?? [];
  if (partition === undefined || ledger === undefined || entry === undefined) {
    throw new AlpesError('invalid-input', `"${position}" is no position of Pulsar's: those are like 3:141:59`);
  }
  return {
    ...{ partition: Number(partition), ledger: BigInt(ledger), entry: BigInt(entry) },
    batch: batch === undefined ? undefined : Number(batch),
  };
}

/**
 * The id by which a message is acknowledged that its consumer does not hold, as it was given to another; undefined if it is
 * one of a batch, which has to come again: alone its id would acknowledge the whole entry.
 */
export function loneMessageId(position: string): MessageId | undefined {
  const id = parsePosition(position);
  return id.batch === undefined ? id : undefined;
}

/** Below 0 if the first message lies before the second one of the same partition. */
export function compareMessageIds(one: MessageId, other: MessageId): number {
  if (one.ledger !== other.ledger) return one.ledger < other.ledger ? -1 : 1;
  if (one.entry !== other.entry) return one.entry < other.entry ? -1 : 1;
  return (one.batch ?? 0) - (other.batch ?? 0);
}

/** Fields of MessageIdData in Pulsar's PulsarApi.proto. */
const FIELD = { ledger: 1, entry: 2, partition: 3, batch: 4 } as const;
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** As Pulsar's clients write a message id: MessageIdData in Protobuf. An entry of -1 is before the first. */
export function encodeMessageId({ partition, ledger, entry, batch }: MessageId): Buffer {
  const fields: [number, bigint][] = [
    [FIELD.ledger, ledger],
    [FIELD.entry, entry],
    [FIELD.partition, BigInt(partition)],
  ];
  if (batch !== undefined) fields.push([FIELD.batch, BigInt(batch)]);
  const bytes = fields.flatMap(([field, value]) => [(field << 3) | VARINT, ...varint(BigInt.asUintN(64, value))]);
  return Buffer.from(bytes);
}

/** Reads what {@link encodeMessageId} wrote, or a client of Pulsar. */
export function decodeMessageId(bytes: Uint8Array): MessageId {
  const values = new Map<number, bigint>();
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const value = readVarint(bytes, tag.next);
    const wire = Number(tag.value & 7n);
    if (wire === VARINT) values.set(Number(tag.value >> 3n), BigInt.asIntN(64, value.value));
    else if (wire !== LENGTH_DELIMITED) throw new AlpesError('undecodable', 'this is no message id of Pulsar');
    at = wire === VARINT ? value.next : value.next + Number(value.value);
  }
  const batch = Number(values.get(FIELD.batch) ?? -1n);
  return {
    ...{ ledger: values.get(FIELD.ledger) ?? 0n, entry: values.get(FIELD.entry) ?? 0n },
    ...{ partition: Number(values.get(FIELD.partition) ?? -1n), batch: batch < 0 ? undefined : batch },
  };
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

function readVarint(bytes: Uint8Array, from: number): { value: bigint; next: number } {
  let value = 0n;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 127) << BigInt(7 * (at - from));
    if (byte < 128) return { value, next: at + 1 };
  }
  throw new AlpesError('undecodable', 'a message id of Pulsar ends within a number');
}
