/** One line of an order; the price is in minor units of the order's currency. */
export interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/** What a client asks for. */
export interface NewOrder {
  readonly clientId: number;
  readonly address: string;
  readonly currency: string;
  readonly lines: readonly Line[];
}

/** Lengths are in UTF-16 code units. */
export const LIMITS = {
  addressLength: 1_000,
  skuLength: 100,
  nameLength: 200,
  lines: 500,
  quantity: 1_000_000,
} as const;

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** Whether it is a code of ISO 4217, in upper case. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** PostgreSQL can't store U+0000, and half a surrogate pair has no form in UTF-8. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Whether the text says something and can be stored as it is. */
export function isText(text: string): boolean {
  return text.trim() !== '' && !UNSTORABLE.test(text);
}

/** Whether the total is an integer that every JSON reader gets right. */
export function hasSafeTotal(lines: readonly Line[]): boolean {
  return Number.isSafeInteger(lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0));
}
