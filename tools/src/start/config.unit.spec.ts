import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { readConfig, WrongConfiguration } from './config.js';

function problemsOf(args: readonly string[], env: Record<string, string>): string {
  try {
    readConfig(args, env);
  } catch (error) {
    if (error instanceof WrongConfiguration) return error.message;
    throw error;
  }
  return '';
}

describe('the configuration of npm start', () => {
  it('has a default for everything', () => {
    expect(readConfig([], {})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      dataDir: resolve('.data'),
      brokerUrl: 'embedded:',
      databaseUrls: {},
      replicas: { order: 1, payment: 1, reporting: 1, 'saga-log': 1 },
      graceMs: 10_000,
    });
  });

  it('takes replicas as one list, as several flags, or both', () => {
    const args = ['--scale', 'order=2,payment=3', '--scale', 'saga-log=4'];
    expect(readConfig(args, {}).replicas).toEqual({ order: 2, payment: 3, reporting: 1, 'saga-log': 4 });
  });

  it('takes the broker of the command line before that of the environment', () => {
    const [here, there] = ['embedded:postgresql://here/log', 'embedded:postgresql://there/log'];
    expect(readConfig(['--broker', here], { BROKER_URL: there }).brokerUrl).toBe(here);
    expect(readConfig([], { BROKER_URL: there }).brokerUrl).toBe(there);
  });

  it('finds the databases that somebody else runs', () => {
    const url = 'postgresql://u:p@db/log';
    expect(readConfig([], { DATABASE_URL_SAGA_LOG: url }).databaseUrls).toEqual({ 'saga-log': url });
  });

  it('lists everything that is wrong in one message', () => {
    const args = ['--scale', 'order=many,bff=2', '--broker', 'pigeon://loft'];
    const message = problemsOf(args, { PORT: 'http', DATABASE_URL_ORDER: 'mysql://db/x', SUPERVISOR_GRACE_MS: '-1' });
    for (const wrong of ['PORT', 'order=many', 'bff=2', 'BROKER_URL', 'DATABASE_URL_ORDER', 'SUPERVISOR_GRACE_MS']) {
      expect(message).toContain(wrong);
    }
    expect(message.split('\n')).toHaveLength(7);
  });

  it.each(['0', '65536', '-1', '3000.5', ' ', '1e3'])('refuses the port "%s"', (PORT) => {
    expect(problemsOf([], { PORT })).toContain('PORT is');
  });

  it('refuses flags that it does not know', () => {
    expect(problemsOf(['--sclae', 'order=2'], {})).toContain('--sclae');
  });
});
