import { z } from 'zod';
import { CURRENCIES, hasSafeTotal, isStorable, LIMITS } from '../domain/order.js';
import { atMost } from './text-length.js';

/** One message for whatever breaks the rule, and another one for what is missing. */
const must = (rule: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is required' : `must be ${rule}`),
});

/** What `trim` takes away, spelled out: every dialect of regular expressions has a white space of its own. */
const SPACE = String.raw`\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`;
/** Not blank, and without U+0000, which PostgreSQL can't store. */
const TEXT = new RegExp(String.raw`^[${SPACE}]*[^\u0000${SPACE}][^\u0000]*$`);

const text = (length: number) => {
  const rule = must(`a text of 1 to ${length} characters that is not blank, without U+0000 and lone surrogates`);
  return atMost(length, z.string(rule).regex(TEXT, rule).refine(isStorable, rule), rule);
};

/** The total is not judged with a number that is wrong itself. */
const integer = (least: number, most: number, text: string) => {
  const rule = { ...must(text), abort: true };
  return z.int(rule).min(least, rule).max(most, rule);
};

const currencyRule = must('a code of ISO 4217 in upper case, such as EUR');
const linesRule = must(`a list of 1 to ${LIMITS.lines} lines`);
const list = <Item extends z.ZodType>(of: Item) =>
  z.array(of, linesRule).min(1, linesRule).max(LIMITS.lines, linesRule);

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
    currency: z.enum(CURRENCIES, currencyRule),
    lines: list(z.unknown())
      .pipe(list(line))
      .refine(hasSafeTotal, `must not add up to more than ${Number.MAX_SAFE_INTEGER}`),
  },
  must('a JSON object'),
);
