import { access, SUPERUSER, WEBSOCKET_ROLE } from './access.js';

/** The ports that a broker listens on: for clients, and two for its own parts. */
export interface BrokerPorts {
  readonly binary: number;
  readonly http: number;
  /** Of the WebSocket API: the same as `http` where the broker has it itself. */
  readonly websocket: number;
  readonly bookie: number;
  readonly zooKeeper: number;
}

/** What our brokers need not have in common. */
export interface BrokerConfOptions {
  readonly ports: BrokerPorts;
  /** How long in ms a connection may be idle. */
  readonly idleMs: number;
  /** Holds the key that tokens are signed with; without it everybody may do everything. */
  readonly tokenKeyFile?: string | undefined;
}

/** What differs from the standalone.conf of Pulsar's distribution, and why. */
function changes({ ports: { binary, http }, idleMs, tokenKeyFile }: BrokerConfOptions): Record<string, string> {
  return {
    ...(tokenKeyFile !== undefined && {
      ...access(tokenKeyFile, SUPERUSER),
      proxyRoles: WEBSOCKET_ROLE,
      // It is a process of its own: see spawnWebSocketApi.
      webSocketServiceEnabled: 'false',
    }),
    brokerServicePort: String(binary),
    webServicePort: String(http),
    bindAddress: '127.0.0.1',
    advertisedAddress: '127.0.0.1',
    // Standalone Pulsar confirms a message before it is on disk, unless it is told otherwise.
    journalSyncData: 'true',
    // A consumer over the WebSocket API that stands still loses its partitions after this time instead of 5 minutes.
    webSocketSessionIdleTimeoutMillis: String(idleMs),
    // The same for those that speak the binary protocol: within twice this time instead of a minute.
    keepAliveIntervalSeconds: String(Math.ceil(idleMs / 2_000)),
    // When a consumer comes or goes, its partitions begin at once at what is not acknowledged. With the default, 1 s later,
    // the broker may meanwhile send the new one what is further on: out of order, and sometimes without ever going back.
    activeConsumerFailoverDelayTimeMillis: '0',
    // A topic that somebody misspelt would have neither partitions nor subscriptions.
    allowAutoTopicCreation: 'false',
    // It numbers the messages of each partition: so it can be seen whether the first ones are gone.
    brokerEntryMetadataInterceptors: 'org.apache.pulsar.common.intercept.AppendIndexMetadataInterceptor',
    // Read topics are read again, to build another read model of them.
    brokerDeleteInactiveTopicsEnabled: 'false',
  };
}

/** The configuration of our broker, made of the one in the distribution. */
export function brokerConf(standaloneConf: string, options: BrokerConfOptions): string {
  return withSettings(standaloneConf, changes(options));
}

/** A configuration of Pulsar's in which these settings are otherwise. */
export function withSettings(conf: string, wanted: Readonly<Record<string, string>>): string {
  const kept = conf.split('\n').filter((line) => !((/^(\w+)=/.exec(line)?.[1] ?? '') in wanted));
  const changed = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
  return [...kept, ...changed, ''].join('\n');
}
