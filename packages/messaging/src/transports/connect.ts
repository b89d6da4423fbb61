import { AlpesError } from '../errors.js';
import type { Transport } from '../transport.js';
import { connectEmbedded } from './embedded/transport.js';
import type { PulsarSettings } from './pulsar/settings.js';
import { connectPulsarBinary } from './pulsar-binary/transport.js';
import { connectPulsarWebSocket } from './pulsar-websocket/transport.js';

/** Settings of a transport. */
export interface TransportSettings {
  /** Partitions of a topic that is created. */
  readonly partitions: number;
  /** How long in ms a consumer keeps its partitions while it stands still; then others take them. */
  readonly leaseMs: number;
  /** How long in ms a message waits at most whose notification was lost. */
  readonly pollMs: number;
  /** How long in ms a message is kept that every durable subscription has acknowledged; `Infinity` for ever. */
  readonly retentionMs: number;
  /** What the transports to Pulsar need beside. */
  readonly pulsar?: Partial<PulsarSettings>;
}

export const DEFAULT_TRANSPORT_SETTINGS: TransportSettings = {
  partitions: 8,
  leaseMs: 10_000,
  pollMs: 1_000,
  retentionMs: Infinity,
};

type Connect = (url: string, settings: TransportSettings) => Transport;

/** The transports by the scheme of their URLs. */
const TRANSPORTS: Readonly<Record<string, Connect>> = {
  'embedded:': connectEmbedded,
  'pulsar:': connectPulsarBinary,
  'pulsar+ssl:': connectPulsarBinary,
  'ws:': connectPulsarWebSocket,
  'wss:': connectPulsarWebSocket,
};

/**
 * The transport of a broker's URL: `embedded:postgresql://…` for the log in PostgreSQL; for Apache Pulsar `pulsar://…` or
 * `pulsar+ssl://…` with the official client, `ws://…` or `wss://…` through its WebSocket API. Does not wait for the broker; throws `configuration` if the URL has no transport.
 */
export function connectTransport(url: string, settings: Partial<TransportSettings> = {}): Transport {
  const scheme = /^[a-z+]+:/.exec(url)?.[0] ?? '';
  const connect = TRANSPORTS[scheme];
  if (connect === undefined) {
    const known = Object.keys(TRANSPORTS).join(', ');
    // Not the whole URL, in which there may be a password.
    const text = `no transport for the scheme "${scheme}" of the broker's URL; it begins with one of: ${known}`;
    throw new AlpesError('configuration', text);
  }
  return connect(url, { ...DEFAULT_TRANSPORT_SETTINGS, ...settings });
}
