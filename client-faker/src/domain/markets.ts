import type { Faker } from '@faker-js/faker';
import { faker as de } from '@faker-js/faker/locale/de';
import { faker as deCh } from '@faker-js/faker/locale/de_CH';
import { faker as enGb } from '@faker-js/faker/locale/en_GB';
import { faker as enUs } from '@faker-js/faker/locale/en_US';
import { faker as es } from '@faker-js/faker/locale/es';
import { faker as esMx } from '@faker-js/faker/locale/es_MX';
import { faker as fr } from '@faker-js/faker/locale/fr';
import { faker as ja } from '@faker-js/faker/locale/ja';
import { faker as pl } from '@faker-js/faker/locale/pl';
import { faker as ptBr } from '@faker-js/faker/locale/pt_BR';

/** Where an order comes from. */
export interface Market {
  readonly faker: Faker;
  readonly country: string;
  readonly currency: string;
  /** About how many minor units of the currency are a cent of a euro. */
  readonly perCent: number;
}

export const MARKETS: readonly [Market, ...Market[]] = [
  { faker: es, country: 'España', currency: 'EUR', perCent: 1 },
  { faker: de, country: 'Deutschland', currency: 'EUR', perCent: 1 },
  { faker: fr, country: 'France', currency: 'EUR', perCent: 1 },
  { faker: enGb, country: 'United Kingdom', currency: 'GBP', perCent: 0.85 },
  { faker: enUs, country: 'United States', currency: 'USD', perCent: 1.1 },
  { faker: esMx, country: 'México', currency: 'MXN', perCent: 20 },
  { faker: ptBr, country: 'Brasil', currency: 'BRL', perCent: 6 },
  { faker: deCh, country: 'Schweiz', currency: 'CHF', perCent: 0.95 },
  { faker: pl, country: 'Polska', currency: 'PLN', perCent: 4.3 },
  // The yen has no minor unit.
  { faker: ja, country: '日本', currency: 'JPY', perCent: 1.6 },
];
