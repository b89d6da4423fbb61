import type { OrderFacts, Rows } from './facts.js';

/** Gives the next rows of a table, sorted by order id; none when there are no more. */
export type Pager<Row> = () => Promise<readonly Row[]>;

export type Pagers = { readonly [Table in keyof Rows]: Pager<Rows[Table]> };

/** Takes the rows of one table off, order by order. */
interface Reader<Row> {
  /** The order of the next row; undefined at the end. */
  head(): Promise<string | undefined>;
  /** All rows of this order, if it is the next. */
  take(orderId: string): Promise<readonly Row[]>;
}

function createReader<Row extends { readonly orderId: string }>(next: Pager<Row>): Reader<Row> {
  let page: readonly Row[] = [];
  let index = 0;
  const head = async (): Promise<Row | undefined> => {
    if (index === page.length) {
      page = await next();
      index = 0;
    }
    return page[index];
  };
  return {
    head: async () => (await head())?.orderId,
    take: async (orderId) => {
      const rows: Row[] = [];
      for (let row = await head(); row?.orderId === orderId; row = await head()) {
        rows.push(row);
        index += 1;
      }
      return rows;
    },
  };
}

/**
 * Reads tables and ledger side by side and gives what all of them have of each order, in the order of the ids: of each
 * table no more is in memory than a page, however many orders there are. An id in lower case sorts as PostgreSQL sorts it.
 */
export async function* byOrder(pagers: Pagers, ledger: readonly string[]): AsyncGenerator<OrderFacts> {
  const orders = createReader(pagers.orders);
  const transactions = createReader(pagers.transactions);
  const charges = createReader(pagers.charges);
  const reports = createReader(pagers.reports);
  const steps = createReader(pagers.steps);
  const readers = [orders, transactions, charges, reports, steps];
  for (let position = 0; ;) {
    const heads = await Promise.all(readers.map((reader) => reader.head()));
    const orderId = least([...heads, ledger[position]]);
    if (orderId === undefined) return;
    const accepted = ledger[position] === orderId;
    if (accepted) position += 1;
    yield {
      ...{ orderId, accepted },
      orders: await orders.take(orderId),
      transactions: await transactions.take(orderId),
      charges: await charges.take(orderId),
      reports: await reports.take(orderId),
      steps: await steps.take(orderId),
    };
  }
}

function least(ids: readonly (string | undefined)[]): string | undefined {
  let found: string | undefined;
  for (const id of ids) if (id !== undefined && (found === undefined || id < found)) found = id;
  return found;
}
