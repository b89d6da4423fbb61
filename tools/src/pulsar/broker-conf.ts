/** The ports that a broker listens on: two for clients, two for its own parts. */
export interface BrokerPorts {
  readonly binary: number;
  readonly http: number;
  readonly bookie: number;
  readonly zooKeeper: number;
}

/** What differs from the standalone.conf of Pulsar's distribution, and why. */
function changes({ binary, http }: BrokerPorts): Record<string, string> {
  return {
    brokerServicePort: String(binary),
    webServicePort: String(http),
    bindAddress: '127.0.0.1',
    advertisedAddress: '127.0.0.1',
    // Standalone Pulsar confirms a message before it is on disk, unless it is told otherwise.
    journalSyncData: 'true',
    // A consumer that stands still loses its partitions after this time instead of 5 minutes.
    webSocketSessionIdleTimeoutMillis: '20000',
    // A topic that somebody misspelt would have neither partitions nor subscriptions.
    allowAutoTopicCreation: 'false',
    // Read topics are read again, to build another read model of them.
    brokerDeleteInactiveTopicsEnabled: 'false',
  };
}

/** The configuration of our broker, made of the one in the distribution. */
export function brokerConf(standaloneConf: string, ports: BrokerPorts): string {
  const wanted = changes(ports);
  const kept = standaloneConf.split('\n').filter((line) => !((/^(\w+)=/.exec(line)?.[1] ?? '') in wanted));
  const changed = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
  return [...kept, ...changed, ''].join('\n');
}
