import { z } from 'zod';
import { hasSafeTotal, isCurrency, isText, LIMITS } from '../domain/order.js';

/** One message for whatever breaks the rule, and another one for what is missing. */
const must = (rule: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is required' : `must be ${rule}`),
});

const text = (length: number) => {
  const rule = must(`a text of 1 to ${length} characters that is not blank, without U+0000 and lone surrogates`);
  return z.string(rule).max(length, rule).refine(isText, rule);
};

/** The total is not judged with a number that is wrong itself. */
const integer = (least: number, most: number, text: string) => {
  const rule = { ...must(text), abort: true };
  return z.int(rule).min(least, rule).max(most, rule);
};

const currencyRule = must('a code of ISO 4217 in upper case, such as EUR');
const linesRule = must(`a list of 1 to ${LIMITS.lines} lines`);

const line = z.strictObject(
  {
    sku: text(LIMITS.skuLength),
    name: text(LIMITS.nameLength),
    quantity: integer(1, LIMITS.quantity, `an integer from 1 to ${LIMITS.quantity}`),
    unitPrice: integer(0, Number.MAX_SAFE_INTEGER, `an integer from 0 to ${Number.MAX_SAFE_INTEGER}, in minor units`),
  },
  must('an object'),
);

/** The body of `POST /orders`. The number of lines is looked at before any of them. */
export const orderSchema = z.strictObject(
  {
    clientId: integer(1, Number.MAX_SAFE_INTEGER, `an integer from 1 to ${Number.MAX_SAFE_INTEGER}`),
    address: text(LIMITS.addressLength),
    currency: z.string(currencyRule).refine(isCurrency, currencyRule),
    lines: z
      .array(z.unknown(), linesRule)
      .min(1, linesRule)
      .max(LIMITS.lines, linesRule)
      .pipe(z.array(line))
      .refine(hasSafeTotal, `must not add up to more than ${Number.MAX_SAFE_INTEGER}`),
  },
  must('a JSON object'),
);
