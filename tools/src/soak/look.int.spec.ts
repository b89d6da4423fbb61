import { migrateMessaging } from '@alpes/messaging';
import { createTestDatabase } from '@alpes/messaging/testing';
import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { residentMemory } from './memory.js';
import { readTables } from './tables.js';

describe('a look at a system', () => {
  it('sees each table of a database with its rows and bytes', async () => {
    const { url, drop } = await createTestDatabase();
    try {
      await migrateMessaging(url);
      const tables = await readTables({ order: url });
      expect(tables.map(({ name }) => name)).toContain('order messaging.outbox');
      const migrations = tables.find(({ name }) => name.endsWith('_prisma_migrations'));
      expect(migrations?.rows).toBeGreaterThan(0);
      expect(migrations?.bytes).toBeGreaterThan(0);
    } finally {
      await drop();
    }
  });

  it("sees a process's memory, and that there is none any more", () => {
    expect(residentMemory(process.pid)).toBeGreaterThan(10 * 2 ** 20);
    expect(residentMemory(spawnSync('true').pid)).toBeUndefined();
  });
});
