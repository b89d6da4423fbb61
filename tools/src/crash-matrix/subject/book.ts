import type { Tx } from './service.js';
import type { NewTransfer } from './protocol.js';

const LOCK = 'SELECT id, last FROM accounts WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE';
const ADVANCE = `
  UPDATE accounts SET last = n.last FROM unnest($1::text[], $2::int[]) AS n (id, last) WHERE accounts.id = n.id`;

/** Gives each transfer the next number of its account, whose row stays locked, and writes its entry. */
export async function book(tx: Tx, transfers: readonly NewTransfer[]): Promise<readonly number[]> {
  const accounts = await tx.$queryRawUnsafe<{ id: string; last: number }[]>(
    LOCK,
    transfers.map(({ account }) => account),
  );
  const last = new Map(accounts.map((account) => [account.id, account.last]));
  const numbers = transfers.map(({ account }) => {
    const number = (last.get(account) ?? 0) + 1;
    last.set(account, number);
    return number;
  });
  await tx.$executeRawUnsafe(ADVANCE, [...last.keys()], [...last.values()]);
  await tx.entry.createMany({
    data: transfers.map(({ account, transfer }, index) => ({ account, transfer, number: numbers[index] ?? 0 })),
  });
  return numbers;
}
