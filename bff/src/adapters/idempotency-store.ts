import { AlpesError, createBatcher } from '@alpes/messaging';
import type { IdempotencyStore, KeyUse } from '../domain/idempotency-store.js';
import type { PrismaClient } from '../gen/prisma/client.js';
import { withDeadline } from './deadline.js';

/**
 * Takes each key if it is new or has expired, and says in any case what it stands for. Ordered, so that two batches with
 * the same keys wait for each other instead of deadlocking.
 */
const CLAIM = `
  INSERT INTO idempotency_keys AS k (client_id, key, body_hash, order_id, expires_at)
  SELECT a.client_id, a.key, a.body_hash, a.order_id, now() + $5::int * interval '1 hour'
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::uuid[]) AS a (client_id, key, body_hash, order_id)
  ORDER BY a.client_id, a.key
  ON CONFLICT (client_id, key) DO UPDATE SET
    body_hash = CASE WHEN k.expires_at <= now() THEN excluded.body_hash ELSE k.body_hash END,
    order_id = CASE WHEN k.expires_at <= now() THEN excluded.order_id ELSE k.order_id END,
    expires_at = CASE WHEN k.expires_at <= now() THEN excluded.expires_at ELSE k.expires_at END
  RETURNING client_id::text AS "clientId", key, body_hash AS "bodyHash", order_id::text AS "orderId"`;

/** Most keys that are claimed with one statement. */
const BATCH_SIZE = 500;

const DELETE_EXPIRED = `
  DELETE FROM idempotency_keys WHERE (client_id, key) IN (
    SELECT client_id, key FROM idempotency_keys WHERE expires_at <= now()
    ORDER BY expires_at LIMIT $1::int FOR UPDATE SKIP LOCKED)`;

interface Options {
  readonly prisma: PrismaClient;
  readonly ttlHours: number;
  readonly timeoutMs: number;
}

interface Claim extends KeyUse {
  readonly clientId: string;
  readonly key: string;
}

/** The keys in table `idempotency_keys`; those that are claimed at the same time are claimed with one statement. */
export function idempotencyStore({ prisma, ttlHours, timeoutMs }: Options): IdempotencyStore {
  const batcher = createBatcher(
    async (claims: readonly Claim[]): Promise<(KeyUse | undefined)[]> => {
      const first = [...new Map(claims.toReversed().map((claim) => [nameOf(claim), claim])).values()];
      const rows = await prisma.$queryRawUnsafe<Claim[]>(
        CLAIM,
        first.map(({ clientId }) => clientId),
        first.map(({ key }) => key),
        first.map(({ bodyHash }) => bodyHash),
        first.map(({ orderId }) => orderId),
        ttlHours,
      );
      const uses = new Map(rows.map(({ bodyHash, orderId, ...row }) => [nameOf(row), { bodyHash, orderId }]));
      return claims.map((claim) => uses.get(nameOf(claim)));
    },
    (waiting) => Math.min(waiting.length, BATCH_SIZE),
  );
  return {
    claim: async (clientId, key, use) => {
      const claim = { clientId: String(clientId), key, ...use };
      const found = await orUnavailable(
        withDeadline({ ms: timeoutMs, what: 'the database' }, (signal) => batcher.add(claim, signal)),
      );
      if (found === undefined) throw new Error('the statement returned no row');
      return found;
    },
    deleteExpired: (limit) => prisma.$executeRawUnsafe(DELETE_EXPIRED, limit),
  };
}

const nameOf = ({ clientId, key }: Pick<Claim, 'clientId' | 'key'>): string => `${clientId} ${key}`;

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
