/** An order as a client of the BFF writes it; prices are in minor units of the currency. */
export interface Order {
  readonly clientId: number;
  readonly address: string;
  readonly currency: string;
  readonly lines: readonly Line[];
}

interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/** So few clients that some order more than once. */
const CLIENTS = 5_000;
const MOST_LINES = 5;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** About how many minor units of a currency are a cent of a euro; the yen has no minor unit. */
const MARKETS = [
  { country: 'España', currency: 'EUR', perCent: 1 },
  { country: 'United Kingdom', currency: 'GBP', perCent: 0.85 },
  { country: 'México', currency: 'MXN', perCent: 20 },
  { country: 'Brasil', currency: 'BRL', perCent: 6 },
  { country: 'Schweiz', currency: 'CHF', perCent: 0.95 },
  { country: '日本', currency: 'JPY', perCent: 1.6 },
];
const NAMES = ['María Núñez', 'Björn Große', 'Zoë O’Neil', 'João da Silva', '山田 太郎', 'Łukasz Wójcik'];
const STREETS = ['Rúa Nova', 'Bierkellerweg', 'Calle 100 # 8A', 'King’s Road', 'Avenida Paulista', 'ul. Długa'];
const THINGS = ['Coffee, 500 g', 'Incredible Wooden Cheese', 'Mug', 'Taza de cerámica', 'Handmade Cotton Chair, "L"'];

/** A random order, in shape and size like those of client-faker. */
export function randomOrder(): Order {
  const { country, currency, perCent } = oneOf(MARKETS);
  return {
    clientId: integer(1, CLIENTS),
    address: `${oneOf(NAMES)}\n${oneOf(STREETS)} ${integer(1, 200)}\n${integer(10_000, 99_999)} ${country}`,
    currency,
    lines: Array.from({ length: integer(1, MOST_LINES) }, () => randomLine(perCent)),
  };
}

/** Cheap things are ordered more often than dear ones, and more of them. */
function randomLine(perCent: number): Line {
  const cents = 99 + Math.round(Math.random() ** 4 * 200_000);
  return {
    sku: `${letter()}${letter()}${letter()}-${integer(10_000, 99_999)}`,
    name: oneOf(THINGS),
    quantity: integer(1, cents < 5_000 ? 6 : 2),
    unitPrice: Math.max(1, Math.round(cents * perCent)),
  };
}

const integer = (least: number, most: number): number => least + Math.floor(Math.random() * (most - least + 1));
const letter = (): string => LETTERS.charAt(integer(0, LETTERS.length - 1));

function oneOf<T>(values: readonly T[]): T {
  return values[integer(0, values.length - 1)] as T;
}
