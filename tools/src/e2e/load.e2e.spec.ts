import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, startSystem } from '../start/whole-system.js';
import { expectCode, tell } from './told.js';

/** More than CI has the time for: `ORDERS=5000`. */
const ORDERS = Number(process.env['ORDERS'] ?? 400);

describe(`${ORDERS} orders at 3,000 a minute`, () => {
  it('are all accepted and end well with two processes of each service that handles messages', async () => {
    const system = await startSystem({ args: ['--scale', 'order=2,payment=2,reporting=2'] });
    try {
      const { processes } = system.state();
      expect(processes.filter(({ name }) => /^(order|payment|reporting)-\d$/.test(name))).toHaveLength(6);
      const ledger = join(system.dataDir, 'ledger');
      const load = ['--orders', String(ORDERS), '--rate', '3000/min', '--seed', '7', '--ledger', ledger];
      const faker = await runCommand(system, 'faker', load);
      expectCode(0, faker);
      tell(faker.output);
      expect(new Set(readFileSync(ledger, 'utf8').trim().split('\n')).size).toBe(ORDERS);
      const reconcile = await runCommand(system, 'reconcile', ['--ledger', ledger]);
      expectCode(0, reconcile);
      tell(reconcile.output);
    } finally {
      await system.dispose();
    }
  }, 400_000);
});
