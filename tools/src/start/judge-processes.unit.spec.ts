import { describe, expect, it } from '@jest/globals';
import { AlpesError } from '@alpes/messaging';
import { processSettings, readConfig as readSettings, serviceSettings } from '@alpes/service-kit/config';
import { readConfig } from './config.js';
import { judgeProcesses, type ReadSettings } from './judge-processes.js';

const usual = async (program: string): Promise<ReadSettings> => {
  const schema = program.startsWith('client-faker/') ? processSettings : serviceSettings;
  return (env) => readSettings(schema, env);
};

/** A payment whose lease is always wrong. */
const strict = async (program: string): Promise<ReadSettings> => {
  if (!program.startsWith('services/payment/')) return usual(program);
  return () => {
    throw new AlpesError('configuration', 'wrong', { details: [{ path: 'PAYMENT_LEASE_MS', message: 'is short' }] });
  };
};

describe('the settings of the processes', () => {
  it('are right by default, before it is known where databases and broker are', async () => {
    expect(await judgeProcesses(readConfig([], {}).config, {}, usual)).toEqual([]);
  });

  it('are judged together, each mistake told once', async () => {
    const env = { LOG_LEVEL: 'loud', BATCH_SIZE: 'x' };
    const problems = await judgeProcesses(readConfig([], env).config, env, strict);
    const names = problems.map((problem) => problem.split(':')[0]);
    expect(names).toHaveLength(3);
    expect(names).toEqual(expect.arrayContaining(['BATCH_SIZE', 'LOG_LEVEL', 'PAYMENT_LEASE_MS']));
    expect(problems.join('\n')).toContain('(it is "loud")');
  });

  it('are told nothing of what the supervisor gives in place of its own', async () => {
    const env = { PORT: 'http', BROKER_URL: 'pigeon://loft', DATABASE_URL: 'x', DATABASE_URL_ORDER: 'mysql://db/x' };
    expect(await judgeProcesses(readConfig([], env).config, env, usual)).toEqual([]);
  });

  it('a failure that is no wrong setting is not hidden', async () => {
    const broken = async (): Promise<ReadSettings> => () => {
      throw new Error('a bug');
    };
    await expect(judgeProcesses(readConfig([], {}).config, {}, broken)).rejects.toThrow('a bug');
  });
});
