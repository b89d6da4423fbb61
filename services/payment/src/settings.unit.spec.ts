import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

const needed = {
  DATABASE_URL: 'postgresql://localhost/payment',
  BROKER_URL: 'embedded:postgresql://localhost/log',
  GATEWAY_DATABASE_URL: 'postgresql://localhost/books',
};

describe('the settings of payment', () => {
  it('need two databases and a broker, and nothing else', () => {
    expect(readSettings(needed)).toMatchObject({ GATEWAY: 'simulator', PAYMENT_CONCURRENCY: 100 });
  });

  it('are refused in one message that lists all that is wrong, those of the gateway included', () => {
    const wrong = {
      GATEWAY: 'piggy-bank',
      PAYMENT_CONCURRENCY: '0',
      SIMULATOR_FAULT: 'fire',
      SIMULATOR_FAULT_RATE: '2',
    };
    const message = () => readSettings({ ...wrong, DATABASE_URL: 'mysql://localhost', BROKER_URL: 'embedded:x' });
    for (const name of [...Object.keys(wrong), 'DATABASE_URL', 'GATEWAY_DATABASE_URL']) {
      expect(message).toThrow(new RegExp(`^  ${name}: `, 'm'));
    }
  });

  it('are refused when a lease could end before its call', () => {
    const message = 'PAYMENT_LEASE_MS: must be more than twice GATEWAY_TIMEOUT_MS, which is 15000';
    expect(() => readSettings({ ...needed, GATEWAY_TIMEOUT_MS: '15000' })).toThrow(message);
  });

  it('have the rules of every service', () => {
    const message = 'INBOX_RETENTION_DAYS: must exceed REDRIVE_HORIZON_DAYS, which is 14';
    expect(() => readSettings({ ...needed, INBOX_RETENTION_DAYS: '7' })).toThrow(message);
  });

  it('have their lease judged whatever else is wrong, once both times can be read', () => {
    const wrong = { ...needed, PAYMENT_LEASE_MS: '1', LOG_LEVEL: 'loud', GATEWAY: 'piggy-bank', BROKER_URL: '' };
    for (const name of ['PAYMENT_LEASE_MS', 'LOG_LEVEL', 'GATEWAY', 'BROKER_URL']) {
      expect(() => readSettings(wrong)).toThrow(new RegExp(`^  ${name}: `, 'm'));
    }
    expect(() => readSettings({ ...wrong, GATEWAY_TIMEOUT_MS: 'long' })).not.toThrow(/PAYMENT_LEASE_MS/);
  });
});
