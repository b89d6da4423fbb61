import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { access, WEBSOCKET_ROLE } from './access.js';
import type { BrokerSetup } from './broker.js';
import { withSettings } from './broker-conf.js';
import { javaEnvironment } from './java-environment.js';

const MEMORY = '-Xms64m -Xmx256m -XX:MaxDirectMemorySize=256m -XX:TieredStopAtLevel=1';

/**
 * Starts the WebSocket API as a process of its own, which ends with ours. A broker that wants tokens can't have it within:
 * in 4.0.6 it refuses itself (https://github.com/apache/pulsar/pull/24642).
 */
export function spawnWebSocketApi({ home, folder, ports, idleMs }: BrokerSetup, tokenKeyFile: string): ChildProcess {
  const confFile = join(folder, 'conf', 'websocket.conf');
  const wanted = {
    ...access(tokenKeyFile, WEBSOCKET_ROLE),
    ...{ webServicePort: String(ports.websocket), bindAddress: '127.0.0.1', clusterName: 'standalone' },
    configurationMetadataStoreUrl: `zk:127.0.0.1:${ports.zooKeeper}`,
    serviceUrl: `http://127.0.0.1:${ports.http}`,
    brokerServiceUrl: `pulsar://127.0.0.1:${ports.binary}`,
    webSocketSessionIdleTimeoutMillis: String(idleMs),
  };
  writeFileSync(confFile, withSettings(readFileSync(join(home, 'conf', 'websocket.conf'), 'utf8'), wanted));
  const log = openSync(join(folder, 'logs', 'websocket.log'), 'w', 0o600);
  // It ends when nobody holds the other end of its input any more, also if we are killed.
  const program = '"$0" websocket & read -r _; kill $!';
  const child = spawn('sh', ['-c', program, join(home, 'bin', 'pulsar')], {
    detached: true,
    stdio: ['pipe', log, log],
    env: { ...javaEnvironment(folder, MEMORY), PULSAR_WEBSOCKET_CONF: confFile },
  });
  closeSync(log);
  return child;
}
