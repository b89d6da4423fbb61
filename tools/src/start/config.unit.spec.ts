import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { brokerSettings } from '@alpes/service-kit';
import { readConfig, WrongConfiguration } from './config.js';
import { scalable } from './system.js';

const configOf = (args: readonly string[], env: Record<string, string>) => readConfig(args, env).config;
const problemsOf = (args: readonly string[], env: Record<string, string>) => readConfig(args, env).problems;
const one = Object.fromEntries(scalable.map((name) => [name, 1]));

describe('the configuration of npm start', () => {
  it('has a default for everything', () => {
    expect(problemsOf([], {})).toEqual([]);
    expect(configOf([], {})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      dataDir: resolve('.data'),
      broker: brokerSettings.parse({ BROKER_URL: 'embedded:' }),
      databaseUrls: {},
      replicas: one,
      graceMs: 10_000,
    });
  });

  it('takes replicas as one list, as several flags, or both', () => {
    const args = ['--scale', 'order=2,payment=3', '--scale', 'saga-log=4'];
    expect(configOf(args, {}).replicas).toEqual({ ...one, order: 2, payment: 3, 'saga-log': 4 });
  });

  it('takes the broker of the command line before that of the environment', () => {
    const [here, there] = ['embedded:postgresql://here/log', 'embedded:postgresql://there/log'];
    expect(configOf(['--broker', here], { BROKER_URL: there }).broker.BROKER_URL).toBe(here);
    expect(configOf([], { BROKER_URL: there }).broker.BROKER_URL).toBe(there);
  });

  it('finds the databases that somebody else runs', () => {
    const url = 'postgresql://u:p@db/log';
    expect(configOf([], { DATABASE_URL_SAGA_LOG: url }).databaseUrls).toEqual({ 'saga-log': url });
  });

  it('takes what the processes take of the broker, who say so when it is wrong', () => {
    const env = { BROKER_PARTITIONS: '4', PULSAR_TENANT: 'shop', BROKER_TOKEN: '' };
    const { broker } = configOf([], env);
    expect(broker).toMatchObject({ BROKER_PARTITIONS: 4, PULSAR_TENANT: 'shop' });
    expect(broker.BROKER_TOKEN).toBeUndefined();
    const wrong = readConfig([], { BROKER_PARTITIONS: 'x' });
    expect(wrong).toMatchObject({ config: { broker: { BROKER_PARTITIONS: 8 } }, problems: [] });
  });

  it('refuses authorities of the broker that can not be read', () => {
    const env = { BROKER_URL: 'wss://broker', BROKER_TLS_CA: '/no/such/file.pem' };
    expect(problemsOf([], env)).toEqual([expect.stringMatching(/BROKER_TLS_CA.*\/no\/such\/file\.pem/)]);
  });

  it('lists everything that is wrong in one message', () => {
    const args = ['--scale', 'order=many,bff=2', '--broker', 'pigeon://loft'];
    const env = { PORT: 'http', DATABASE_URL_ORDER: 'mysql://db/x', SUPERVISOR_GRACE_MS: '-1' };
    const { message } = new WrongConfiguration(problemsOf(args, env));
    for (const wrong of ['PORT', 'order=many', 'bff=2', 'pigeon:', 'DATABASE_URL_ORDER', 'SUPERVISOR_GRACE_MS']) {
      expect(message).toContain(wrong);
    }
    expect(message.split('\n')).toHaveLength(7);
  });

  it.each(['0', '65536', '-1', '3000.5', ' '])('refuses the port "%s"', (PORT) => {
    expect(problemsOf([], { PORT })).toEqual([expect.stringContaining('PORT: ')]);
  });

  it('refuses flags that it does not know', () => {
    expect(problemsOf(['--sclae', 'order=2'], {})).toEqual([expect.stringContaining('--sclae')]);
  });
});
