import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

const enough = {
  DATABASE_URL: 'postgresql://localhost/bff',
  BROKER_URL: 'embedded:postgresql://localhost/broker',
  ORDER_URL: 'http://localhost:1',
  REPORTING_URL: 'http://localhost:2',
  SAGA_LOG_URL: 'http://localhost:3',
};

describe('the settings of the BFF', () => {
  it('have defaults for all but the addresses of others', () => {
    expect(readSettings(enough)).toMatchObject({
      ...{ PORT: 3000, PUBLISH_TIMEOUT_MS: 5000, QUERY_TIMEOUT_MS: 2000, READ_WAIT_MS: 2000 },
      IDEMPOTENCY_TTL_HOURS: 24,
    });
  });

  it('are refused with one message that lists all that is wrong', () => {
    const wrong = { ...enough, ORDER_URL: 'order:3000', REPORTING_URL: '', READ_WAIT_MS: 'long' };
    expect(() => readSettings(wrong)).toThrow(/ORDER_URL.*\n.*REPORTING_URL.*\n.*READ_WAIT_MS/);
  });
});
