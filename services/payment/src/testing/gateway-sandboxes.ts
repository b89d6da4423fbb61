import { migrate } from '@alpes/messaging';
import { createTestDatabase } from '@alpes/messaging/testing';
import { Pool } from 'pg';
import { type GatewayName, gateways } from '../adapters/payment-gateway/index.js';
import { decide } from '../adapters/payment-gateway/simulator.js';
import type { GatewaySandbox } from './gateway-suite.js';
import { orderIdWhere } from './orders.js';
import { GATEWAY_MIGRATIONS } from './payment-service.js';

/** How each gateway is opened for {@link gatewaySuite}; one without a sandbox does not compile. */
export const sandboxes: Readonly<Record<GatewayName, () => Promise<GatewaySandbox>>> = {
  simulator: openSimulatorSandbox,
};

async function openSimulatorSandbox(): Promise<GatewaySandbox> {
  const books = await createTestDatabase();
  await migrate(books.url, GATEWAY_MIGRATIONS);
  const env = { GATEWAY_DATABASE_URL: books.url, SIMULATOR_APPROVAL_RATE: '0.5' };
  const open = (more: Record<string, string> = {}) => gateways.simulator.open({ ...env, ...more });
  const all = {
    gateway: open(),
    slow: open({ SIMULATOR_FAULT: 'slow', SIMULATOR_SLOW_MS: '20000' }),
    away: open({ SIMULATOR_FAULT: 'down' }),
  };
  const pool = new Pool({ connectionString: books.url, max: 1 });
  const request = { idempotencyKey: '', amount: 1, currency: 'EUR', signal: new AbortController().signal };
  return {
    ...all,
    orderThatIs: (outcome) => orderIdWhere((orderId) => decide({ ...request, orderId }, 0.5).outcome === outcome),
    charges: async (key) => {
      const sql = `SELECT FROM charges WHERE idempotency_key = $1 AND outcome = 'approved'`;
      return (await pool.query(sql, [key])).rowCount ?? 0;
    },
    close: async () => {
      await Promise.all([...Object.values(all).map((gateway) => gateway.close()), pool.end()]);
      await books.drop();
    },
  };
}
