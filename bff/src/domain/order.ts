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

/** Lengths are in characters. */
export const LIMITS = {
  addressLength: 1_000,
  skuLength: 100,
  nameLength: 200,
  lines: 500,
  quantity: 1_000_000,
} as const;

/** The codes of ISO 4217, as far as this version of Node knows them. */
export const CURRENCIES = Intl.supportedValuesOf('currency');

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether the text has a form in UTF-8: half a surrogate pair has none. */
export function isStorable(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** Whether the total is an integer that every JSON reader gets right. */
export function hasSafeTotal(lines: readonly Line[]): boolean {
  return Number.isSafeInteger(lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0));
}
