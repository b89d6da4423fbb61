import type { Step } from '../domain/step.js';
import type { StepStore } from '../domain/step-store.js';
import type { Prisma, PrismaClient } from '../gen/prisma/client.js';

const INSERT = `
  INSERT INTO steps (message_id, order_id, at, service, message, state, detail, causation_id, correlation_id, trace_id,
                     order_version)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $8::text[], $9::text[], $10::text[], $11::int[]) AS s (message_id)
  ORDER BY s.message_id
  ON CONFLICT (message_id) DO NOTHING`;

/** The steps in table `steps`; the hot path writes many rows with one statement. */
export const stepStore: StepStore<Prisma.TransactionClient> = {
  insert: async (tx, steps) => {
    await tx.$executeRawUnsafe(
      INSERT,
      steps.map((step) => step.messageId),
      steps.map((step) => step.orderId),
      steps.map((step) => step.at.toISOString()),
      steps.map((step) => step.service),
      steps.map((step) => step.message),
      steps.map((step) => step.state),
      steps.map((step) => step.detail),
      steps.map((step) => step.causationId),
      steps.map((step) => step.correlationId),
      steps.map((step) => step.traceId),
      steps.map((step) => step.orderVersion),
    );
  },
};

/** Reads the steps of one order, the first `limit` by their time, outside of any transaction. */
export function stepReader(prisma: PrismaClient) {
  return (orderId: string, limit: number): Promise<readonly Step[]> =>
    prisma.step.findMany({ where: { orderId }, orderBy: [{ at: 'asc' }, { messageId: 'asc' }], take: limit });
}
