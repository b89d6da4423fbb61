import type { PrismaClient } from '../gen/prisma/client.js';

/**
 * A version without the one below it is the upper edge of a gap, which has been open since it, or any later version of
 * the order, was recorded. Only edges recorded within the window are looked at, so the cost does not grow with the table;
 * nearly all of them have a version below, so that is asked first.
 */
const COUNT = `
  WITH edge AS MATERIALIZED (
    SELECT order_id, order_version FROM steps top
    WHERE recorded_at > now() - $2::float8 * interval '1 millisecond' AND order_version > 1 AND NOT EXISTS (
      SELECT 1 FROM steps below WHERE below.order_id = top.order_id AND below.order_version = top.order_version - 1)
  )
  SELECT count(DISTINCT order_id)::int AS gaps FROM edge
  WHERE EXISTS (
    SELECT 1 FROM steps later WHERE later.order_id = edge.order_id AND later.order_version >= edge.order_version
      AND later.recorded_at <= now() - $1::float8 * interval '1 millisecond')`;

/** Times are in ms. */
export interface GapSettings {
  /** How long a gap has to stay open before it counts: topics are not in step, so most gaps close by themselves. */
  readonly afterMs: number;
  /** How long after its last edge was recorded a gap is still looked for. */
  readonly windowMs: number;
}

/** Counts the orders of whose versions one is missing. */
export function gapCounter(prisma: PrismaClient, { afterMs, windowMs }: GapSettings) {
  return async (): Promise<number> => {
    const [row] = await prisma.$queryRawUnsafe<{ gaps: number }[]>(COUNT, afterMs, windowMs);
    return row?.gaps ?? 0;
  };
}
