import { z } from 'zod';

// What the owning services answer; fields may be added to it.

const time = z.iso.datetime();
const uuid = z.guid();
const count = z.int().min(1);
const amount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const currency = z.string().regex(/^[A-Z]{3}$/);
const final = z.enum(['APPROVED', 'REJECTED']);

const order = {
  id: uuid,
  clientId: count,
  address: z.string(),
  currency,
  status: z.enum(['PENDING', ...final.options]),
  total: amount,
  lines: z.array(z.looseObject({ sku: z.string(), name: z.string(), quantity: count, unitPrice: amount })),
  createdAt: time,
  updatedAt: time,
};

export const acceptedAnswer = z.looseObject({ id: uuid, status: z.literal('PENDING') });

export const orderAnswer = z.looseObject({ ...order, version: count });

export const timelineAnswer = z.looseObject({
  orderId: uuid,
  traceId: z.string(),
  steps: z.array(
    z.looseObject({
      at: time,
      service: z.string(),
      message: z.string(),
      state: z.string(),
      detail: z.string().optional(),
      messageId: z.string(),
      causationId: z.string().nullable(),
    }),
  ),
  truncated: z.literal(true).describe('there are more steps than those').optional(),
});

/** In JSON; other formats have the same columns. Those of the transaction are null until it is known. */
export const reportAnswer = z.looseObject({
  ...order,
  orderVersion: count,
  transactionId: uuid.nullable(),
  transactionState: final.nullable(),
  transactionAmount: amount.nullable(),
  transactionCurrency: currency.nullable(),
  transactionVersion: count.nullable(),
  processedAt: time.nullable(),
});
