import { AlpesError } from '@alpes/messaging';
import type { IdempotencyStore, KeyUse } from '../domain/idempotency-store.js';
import type { PrismaClient } from '../gen/prisma/client.js';
import { withDeadline } from './deadline.js';

/** Takes the key if it is new or has expired, and says in any case what it stands for. */
const CLAIM = `
  INSERT INTO idempotency_keys AS k (client_id, key, body_hash, order_id, expires_at)
  VALUES ($1::bigint, $2, $3, $4::uuid, now() + $5::int * interval '1 hour')
  ON CONFLICT (client_id, key) DO UPDATE SET
    body_hash = CASE WHEN k.expires_at <= now() THEN excluded.body_hash ELSE k.body_hash END,
    order_id = CASE WHEN k.expires_at <= now() THEN excluded.order_id ELSE k.order_id END,
    expires_at = CASE WHEN k.expires_at <= now() THEN excluded.expires_at ELSE k.expires_at END
  RETURNING body_hash AS "bodyHash", order_id::text AS "orderId"`;

const DELETE_EXPIRED = `
  DELETE FROM idempotency_keys WHERE (client_id, key) IN (
    SELECT client_id, key FROM idempotency_keys WHERE expires_at <= now()
    ORDER BY expires_at LIMIT $1::int FOR UPDATE SKIP LOCKED)`;

interface Options {
  readonly prisma: PrismaClient;
  readonly ttlHours: number;
  readonly timeoutMs: number;
}

/** The keys in table `idempotency_keys`. */
export function idempotencyStore({ prisma, ttlHours, timeoutMs }: Options): IdempotencyStore {
  return {
    claim: async (clientId, key, { bodyHash, orderId }) => {
      const [use] = await orUnavailable(
        withDeadline({ ms: timeoutMs, what: 'the database' }, () =>
          prisma.$queryRawUnsafe<KeyUse[]>(CLAIM, clientId, key, bodyHash, orderId, ttlHours),
        ),
      );
      if (use === undefined) throw new Error('the statement returned no row');
      return use;
    },
    deleteExpired: (limit) => prisma.$executeRawUnsafe(DELETE_EXPIRED, limit),
  };
}

/** The client is told what it may do, not what our database said. */
async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    const error = AlpesError.from(thrown);
    if (error.nature !== 'transient') throw error;
    const text = 'the Idempotency-Key could not be looked up; repeat the request with the same key';
    throw new AlpesError('unavailable', text, { cause: error });
  }
}
