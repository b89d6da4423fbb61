import { randomInt } from 'node:crypto';

const PRODUCTS = [
  { sku: 'COFFEE-500', name: 'Coffee, whole beans, 500 g', unitPrice: 1_299 },
  { sku: 'CUP-BLUE', name: 'Cup of blue porcelain', unitPrice: 899 },
  { sku: 'FILTER-100', name: 'Paper filters, 100 pieces', unitPrice: 349 },
  { sku: 'GRINDER-H2', name: 'Hand grinder with ceramic burrs', unitPrice: 4_950 },
] as const;

/** An order of one to four lines, as a customer might send it. */
export function randomOrder() {
  const first = randomInt(PRODUCTS.length);
  const lines = PRODUCTS.slice(first, first + 1 + randomInt(PRODUCTS.length));
  return {
    clientId: 1 + randomInt(1_000_000),
    address: `Calle ${1 + randomInt(200)} # ${1 + randomInt(90)}-${1 + randomInt(99)}, Bogotá`,
    currency: 'EUR',
    lines: lines.map((product) => ({ ...product, quantity: 1 + randomInt(5) })),
  };
}
