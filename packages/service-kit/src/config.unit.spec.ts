import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, serviceSettings } from './config.js';

const RIGHT = { BROKER_URL: 'embedded:postgresql://a@b/c', DATABASE_URL: 'postgresql://order:secret@localhost/order' };

describe('readConfig', () => {
  it('reads what is set and fills in what has a default', () => {
    const settings = readConfig(serviceSettings, { ...RIGHT, PORT: '8080', BATCH_SIZE: '' });
    expect(settings).toMatchObject({ ...RIGHT, PORT: 8080, HOST: '127.0.0.1', BATCH_SIZE: 200 });
  });

  it('lists everything that is wrong in one message', () => {
    const read = () => readConfig(serviceSettings, { DATABASE_URL: 'mysql://x', PORT: '70000', LOG_LEVEL: 'loud' });
    expect(read).toThrow(/PORT: .*70000[^]*LOG_LEVEL: .*loud[^]*BROKER_URL: is required[^]*DATABASE_URL: .*mysql/);
  });

  it('refuses an inbox that forgets before the end of the redrive horizon, whatever else is wrong', () => {
    const days = (INBOX_RETENTION_DAYS: string, more: Record<string, string> = {}) => {
      return () => readConfig(serviceSettings, { ...RIGHT, INBOX_RETENTION_DAYS, ...more });
    };
    expect(days('15')).not.toThrow();
    const rule = 'INBOX_RETENTION_DAYS: must exceed REDRIVE_HORIZON_DAYS, which is 14 (it is "14")';
    expect(days('14')).toThrow(rule);
    expect(days('14', { LOG_LEVEL: 'loud' })).toThrow(rule);
    expect(days('', { REDRIVE_HORIZON_DAYS: '30' })).toThrow('must exceed REDRIVE_HORIZON_DAYS, which is 30');
    expect(days('1', { REDRIVE_HORIZON_DAYS: 'x' })).not.toThrow(/must exceed/);
  });

  it('lists a crash point that there is not like all else that is wrong', () => {
    const read = () => readConfig(serviceSettings, { ...RIGHT, PORT: '70000', CRASH_POINT: 'nowhere:1:kill' });
    expect(read).toThrow(
      /PORT: [^]*CRASH_POINT: a crash point is written .*before-commit.* \(it is "nowhere:1:kill"\)/,
    );
    expect(readConfig(serviceSettings, { ...RIGHT, CRASH_POINT: 'published:2:freeze' }).CRASH_POINT).toBeDefined();
  });

  it('reads what is absent from the file that is named, as secrets are handed over', () => {
    const folder = mkdtempSync(join(tmpdir(), 'alpes-config-'));
    try {
      const file = join(folder, 'url');
      writeFileSync(file, `${RIGHT.DATABASE_URL}\n`);
      const { DATABASE_URL, ...others } = RIGHT;
      const read = (env: Record<string, string>) => readConfig(serviceSettings, { ...others, ...env });
      expect(read({ DATABASE_URL_FILE: file })).toMatchObject(RIGHT);
      expect(read({ DATABASE_URL_FILE: '/there-is-none', DATABASE_URL })).toMatchObject(RIGHT);
      const wrong = { DATABASE_URL_FILE: '/there-is-none', BROKER_TOKEN_FILE: folder, SSL_CERT_FILE: '/neither' };
      expect(() => read(wrong)).toThrow(
        /^the configuration is wrong:\n {2}BROKER_TOKEN_FILE: can't be read: EISDIR.*\n {2}DATABASE_URL_FILE: .*ENOENT.*none'$/,
      );
      writeFileSync(file, 'mysql://order:secret@localhost/order');
      expect(() => read({ DATABASE_URL_FILE: file })).toThrow(/DATABASE_URL: must be a postgresql.*with mysql:\/\/\)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['mysql://order:secret@localhost/order', 'it begins with mysql://'],
    // A password that ends the URL's authority too early, and one in the place of the URL.
    ['mysql://order:secret/1@localhost/order', 'it begins with mysql://'],
    ['secret', 'what it is, is not shown'],
  ])('does not print the password of %s', (DATABASE_URL, told) => {
    const read = () => readConfig(serviceSettings, { ...RIGHT, DATABASE_URL, PORT: 'x' });
    expect(read).toThrow('PORT: ');
    expect(read).not.toThrow(/secret/);
    expect(read).toThrow(told);
  });

  it('prints nothing of a setting that comes from a file, for a file holds a secret', () => {
    const folder = mkdtempSync(join(tmpdir(), 'alpes-config-'));
    try {
      const file = join(folder, 'password');
      writeFileSync(file, 'secret');
      const read = () =>
        readConfig(serviceSettings, { ...RIGHT, DATABASE_URL: '', DATABASE_URL_FILE: file, PORT_FILE: file });
      expect(read).toThrow(/PORT: .*not shown[^]*DATABASE_URL: .*not shown/);
      expect(read).not.toThrow(/secret/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
