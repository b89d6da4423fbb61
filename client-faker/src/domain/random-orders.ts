import type { Faker } from '@faker-js/faker';
import { type Market, MARKETS } from './markets.js';
import type { Line, Order } from './order.js';

/** So few clients that some order more than once. */
const CLIENTS = 5_000;
const MOST_LINES = 5;

/** A seed is a whole number from 0 to this. */
export const MAX_SEED = 2 ** 32 - 1;

/**
 * The orders of a seed, by their index: realistic ones of several countries. The same seed and index give the same order
 * in every process, on every machine, in whatever sequence they are asked for.
 */
export function randomOrders(seed: number): (index: number) => Order {
  return (index) => {
    const { faker, ...market } = marketOf(seed, index);
    faker.seed([seed, index]);
    const count = faker.number.int({ min: 1, max: MOST_LINES });
    return {
      clientId: faker.number.int({ min: 1, max: CLIENTS }),
      address: addressOf(faker, market.country),
      currency: market.currency,
      lines: Array.from({ length: count }, () => lineOf(faker, market)),
    };
  };
}

/** The choice of the market needs a generator that is of no market. */
function marketOf(seed: number, index: number): Market {
  const [{ faker: chooser }] = MARKETS;
  chooser.seed([seed, index, MARKETS.length]);
  return chooser.helpers.arrayElement(MARKETS);
}

function addressOf(faker: Faker, country: string): string {
  const street = faker.location.streetAddress({ useFullAddress: faker.datatype.boolean() });
  return `${faker.person.fullName()}\n${street}\n${faker.location.zipCode()} ${faker.location.city()}, ${country}`;
}

/** Cheap things are ordered more often than dear ones, and more of them. */
function lineOf(faker: Faker, { perCent }: Pick<Market, 'perCent'>): Line {
  const x = faker.number.float();
  const cents = 99 + Math.round(x * x * x * x * 200_000);
  return {
    sku: `${faker.string.alpha({ length: 3, casing: 'upper' })}-${faker.string.numeric(5)}`,
    name: faker.commerce.productName(),
    quantity: faker.number.int({ min: 1, max: cents < 5_000 ? 6 : 2 }),
    unitPrice: Math.max(1, Math.round(cents * perCent)),
  };
}
