import { describe, expect, it } from '@jest/globals';
import type { OrderFacts, Rows } from './facts.js';
import { byOrder, type Pagers } from './merge.js';

type Tables = { readonly [Table in keyof Rows]?: readonly string[] };

/** Rows that are nothing but an order id, two a page. */
function pagersOf(tables: Tables): Pagers {
  const pager = (ids: readonly string[] = []) => {
    let position = 0;
    return async () => ids.slice(position, (position += 2)).map((orderId) => ({ orderId }));
  };
  const names = ['orders', 'transactions', 'charges', 'reports', 'steps'] as const;
  return Object.fromEntries(names.map((name) => [name, pager(tables[name])])) as unknown as Pagers;
}

/** How many rows of each table an order has. */
async function merged(tables: Tables, ledger: readonly string[] = []): Promise<string[]> {
  const lines: string[] = [];
  for await (const facts of byOrder(pagersOf(tables), ledger)) lines.push(describeFacts(facts));
  return lines;
}

const describeFacts = ({ orderId, accepted, orders, transactions, charges, reports, steps }: OrderFacts): string =>
  `${orderId}${accepted ? '!' : ''} ${[orders, transactions, charges, reports, steps].map((rows) => rows.length).join('')}`;

describe('reading side by side', () => {
  it('brings together what the tables have of each order', async () => {
    const lines = await merged({
      ...{ orders: ['a', 'b', 'c'], transactions: ['a', 'b', 'c'], charges: ['b'] },
      ...{ reports: ['a', 'c'], steps: ['a', 'a', 'a', 'a', 'a', 'c', 'c'] },
    });
    expect(lines).toEqual(['a 11015', 'b 11100', 'c 11012']);
  });

  it('knows orders that are in one place only, the ledger among them', async () => {
    const lines = await merged({ orders: ['b'], steps: ['a', 'e'], reports: ['d', 'd'] }, ['b', 'c', 'f']);
    expect(lines).toEqual(['a 00001', 'b! 10000', 'c! 00000', 'd 00020', 'e 00001', 'f! 00000']);
  });

  it('ends where there is nothing', async () => {
    expect(await merged({})).toEqual([]);
  });
});
