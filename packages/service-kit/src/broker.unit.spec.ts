import { describe, expect, it } from '@jest/globals';
import { connectBroker } from './broker.js';
import { brokerSettings, readConfig } from './config.js';

const connect = (env: NodeJS.ProcessEnv) => connectBroker(readConfig(brokerSettings, env));

describe('connectBroker', () => {
  it('takes the URL of Pulsar, and waits for nobody', async () => {
    const broker = connect({ BROKER_URL: 'ws://127.0.0.1:9', BROKER_TOKEN: 'secret' });
    await expect(broker.check()).rejects.toThrow('127.0.0.1:9');
    await broker.close();
  });

  it('refuses a file of authorities that is not there, and an admin API that is none', () => {
    const file = { BROKER_URL: 'wss://localhost:9', BROKER_TLS_CA: '/no/such/file.pem' };
    expect(() => connect(file)).toThrow(/BROKER_TLS_CA.*\/no\/such\/file\.pem/);
    const admin = { BROKER_URL: 'ws://localhost:9', PULSAR_ADMIN_URL: 'ftp://x' };
    expect(() => connect(admin)).toThrow(/PULSAR_ADMIN_URL: must be an http/);
  });
});
