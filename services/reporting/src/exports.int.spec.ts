import { eventually } from '@alpes/messaging/testing';
import { connectRaw, type RawClient } from '@alpes/service-kit/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fill, FIRST_CREATED_AT } from './testing/filled.js';
import { readers } from './testing/readers.js';
import { type ReportingService, startReportingService } from './testing/reporting-service.js';

const LONG = { timeoutMs: 20_000 };
/** So much that it does not fit into the buffers between the service and who does not read. */
const MANY = 20_000;
const PADDING = 1_500;

/** All that PostgreSQL can store. */
const EVERY_CONTROL = String.fromCharCode(...Array.from({ length: 31 }, (_, index) => index + 1), 127);

let service: ReportingService;
const clients: RawClient[] = [];
afterEach(() => clients.splice(0).forEach(({ socket }) => socket.destroy()));

/** Connections of exports to the database. */
async function connections(): Promise<number> {
  const [row] = await service.prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'alpes export' AND datname = current_database()`;
  return row?.count ?? 0;
}
const noneIsLeft = () => eventually(async () => (await connections()) === 0, { ...LONG, what: 'no export is open' });

const underWay = async (): Promise<number> => {
  const metrics = await (await service.get('/metrics')).text();
  return Number(/^http_server_active_requests\{lane="export".*\} (\d+)$/m.exec(metrics)?.[1]);
};

/** Asks for an export and reads its beginning alone. */
async function beginReading(path: string, version = '1.1'): Promise<RawClient> {
  const client = await connectRaw(Number(new URL(service.url).port));
  clients.push(client);
  client.write(`GET ${path} HTTP/${version}\r\nHost: a\r\n\r\n`);
  await client.until('\r\n\r\n');
  client.socket.pause();
  return client;
}

/** All known reports, as the database has them. */
async function inTheDatabase(): Promise<unknown[]> {
  const rows = await service.prisma.orderReport.findMany({
    where: { orderVersion: { not: null } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const text = (time: Date | null): string | null => time?.toISOString() ?? null;
  const number = (value: bigint | null): number | null => (value === null ? null : Number(value));
  return rows.map((row) => ({
    ...row,
    ...{ clientId: number(row.clientId), total: number(row.total), transactionAmount: number(row.transactionAmount) },
    ...{ createdAt: text(row.createdAt), updatedAt: text(row.updatedAt), processedAt: text(row.processedAt) },
  }));
}

const seconds = (count: number): string => new Date(FIRST_CREATED_AT.getTime() + count * 1_000).toISOString();
async function totalsOf(query: string): Promise<number[]> {
  const response = await service.get(`/reports/orders?format=json&${query}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { total: number }[]).map(({ total }) => total / 2);
}
const numbers = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('an export', () => {
  beforeAll(async () => {
    service = await startReportingService();
    await fill(service.prisma, 1_000);
    const none = { transactionId: null, transactionState: null, transactionAmount: null, transactionCurrency: null };
    await service.prisma.orderReport.updateMany({
      where: { total: 2 * 7 },
      data: { address: `\\N${EVERY_CONTROL}🏔️\\`, ...none, transactionVersion: null, processedAt: null },
    });
    await service.prisma.orderReport.updateMany({ where: { total: 2 * 8 }, data: { address: '\\N' } });
  }, 60_000);
  afterAll(() => service.stop());

  it.each(['csv', 'json'] as const)(
    'as %s has every known report, as it is, by the time of its creation',
    async (format) => {
      const response = await service.get(`/reports/orders?format=${format}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename=orders.${format}`);
      const rows = readers[format](Buffer.from(await response.arrayBuffer()));
      expect(rows).toHaveLength(1_000);
      expect(rows).toEqual(await inTheDatabase());
    },
  );

  it('is a CSV where no format is named, and may have no row', async () => {
    const response = await service.get(`/reports/orders?to=${seconds(0)}`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect((await response.text()).split('\n')).toEqual([expect.stringMatching(/^id,clientId,/), '']);
    expect(await totalsOf(`to=${seconds(0)}`)).toEqual([]);
  });

  it('begins with what was created at its beginning, and ends before what was created at its end', async () => {
    expect(await totalsOf(`from=${seconds(10)}&to=${seconds(20)}`)).toEqual(numbers(11, 20));
    expect(await totalsOf(`from=${seconds(990)}`)).toEqual(numbers(991, 1_000));
    expect(await totalsOf(`to=${seconds(10)}`)).toEqual(numbers(1, 10));
    expect(await totalsOf(`from=${seconds(10)}&to=${seconds(10)}`)).toEqual([]);
    expect(await totalsOf(`to=${encodeURIComponent('2026-01-01T02:00:03+02:00')}`)).toEqual(numbers(1, 3));
    expect(await totalsOf('from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59-23:59')).toEqual(numbers(1, 1_000));
  });

  it('is of one state, where that is asked for', async () => {
    const pending = numbers(1, 10).map((hundred) => hundred * 100);
    expect(await totalsOf('status=PENDING')).toEqual(pending);
    expect(await totalsOf(`status=PENDING&from=${seconds(500)}`)).toEqual(pending.slice(5));
    expect(await totalsOf('status=REJECTED')).toHaveLength(90);
    expect(await totalsOf('status=APPROVED')).toHaveLength(900);
  });

  it('is answered to HEAD without being made', async () => {
    const response = await fetch(`${service.url}/reports/orders`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    await noneIsLeft();
  });

  it.each([
    { query: 'from=yesterday', paths: ['query.from'] },
    { query: 'from=2026-01-01', paths: ['query.from'] },
    { query: `from=${seconds(2)}&to=${seconds(1)}`, paths: ['query.from'] },
    { query: `from=${seconds(2)}&to=${seconds(1)}&status=paid`, paths: ['query.status', 'query.from'] },
    {
      query: 'from=a&to=b&status=c&format=csv&format=csv',
      paths: ['query.from', 'query.to', 'query.status', 'query.format'],
    },
    { query: `from=${seconds(1)}&from=${seconds(1)}`, paths: ['query.from'], message: /^must be given once$/ },
    { query: 'status=PENDING&status=APPROVED', paths: ['query.status'], message: /^must be given once$/ },
  ])('is refused with every path that is wrong: $query', async ({ query, paths, message = /^must / }) => {
    const response = await service.get(`/reports/orders?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const { errors } = (await response.json()) as { errors: { path: string; message: string }[] };
    expect(errors.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
    expect(errors[0]?.message).toMatch(message);
  });

  it('is refused in an unknown format, before anything is read', async () => {
    const response = await service.get('/reports/orders?format=docx');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'unsupported-format', errors: [{ path: 'query.format' }] });
    expect(await connections()).toBe(0);
  });
});

describe('an export of which little is read', () => {
  beforeAll(async () => {
    service = await startReportingService({ MAX_EXPORTS: 2 });
    await fill(service.prisma, MANY, { padding: PADDING });
  }, 120_000);
  afterAll(() => service.stop());
  afterEach(async () => {
    clients.splice(0).forEach(({ socket }) => socket.destroy());
    await noneIsLeft();
  });

  it('shows what was at its beginning, whatever is written meanwhile', async () => {
    const client = await beginReading('/reports/orders?format=json', '1.0');
    await service.prisma.$executeRaw`UPDATE order_reports SET status = 'REJECTED' WHERE status = 'APPROVED'`;
    client.socket.resume();
    const [, body = ''] = (await client.closed).split(/\r\n\r\n(.*)/s);
    const rows = JSON.parse(body) as { status: string }[];
    expect(rows).toHaveLength(MANY);
    expect(rows.filter(({ status }) => status === 'APPROVED')).toHaveLength(0.9 * MANY);
    await service.prisma.$executeRaw`UPDATE order_reports SET status = 'APPROVED' WHERE total % 20 <> 0`;
  });

  it('reads no more than is taken, and nothing once nobody is there', async () => {
    const client = await beginReading('/reports/orders');
    await eventually(async () => (await connections()) === 1, LONG);
    const waiting = () => service.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE application_name = 'alpes export' AND wait_event = 'ClientWrite'`;
    let looks = 0;
    const rests = async (): Promise<boolean> => {
      looks = (await waiting()).length === 1 ? looks + 1 : 0;
      return looks === 10;
    };
    await eventually(rests, { ...LONG, what: 'the database waits, at ten looks one after the other' });
    client.socket.destroy();
    await noneIsLeft();
    await eventually(async () => (await underWay()) === 0, LONG);
  });

  it('is one of as many as may be, by whatever name it is asked for; the next is refused, and taken when one has ended', async () => {
    await beginReading('/reports/orders');
    const other = await beginReading('/Reports/Orders/?format=json');
    expect(await underWay()).toBe(2);
    for (const path of ['/reports/orders', '/REPORTS/orders/']) {
      const refused = await service.get(path);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await refused.json()).toMatchObject({ code: 'overloaded' });
    }
    expect((await service.get('/health/ready')).status).toBe(200);
    const metrics = await (await service.get('/metrics')).text();
    expect(metrics).toMatch(/^alpes_http_requests_shed_total\{lane="export",limit="requests".*\} 2$/m);
    other.socket.destroy();
    await eventually(async () => (await underWay()) === 1, LONG);
    const taken = await service.get(`/reports/orders?to=${seconds(1)}`);
    expect([taken.status, (await taken.text()).split('\n')]).toEqual([200, [expect.anything(), expect.anything(), '']]);
  });

  it('and whose database connection breaks is seen to be not whole', async () => {
    const response = await fetch(`${service.url}/reports/orders`);
    await service.prisma.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'alpes export' AND datname = current_database()`;
    await expect(response.text()).rejects.toThrow('terminated');
    await noneIsLeft();
    expect((await service.get(`/reports/orders?to=${seconds(1)}`)).status).toBe(200);
  });
});

describe('an export that nobody takes', () => {
  beforeAll(async () => {
    service = await startReportingService({ EXPORT_STALL_MS: 500, MAX_EXPORTS: 1 });
    await fill(service.prisma, MANY, { padding: PADDING });
  }, 120_000);
  afterAll(() => service.stop());

  it('holds neither a snapshot nor a place for long', async () => {
    const client = await beginReading('/reports/orders');
    await eventually(async () => (await connections()) === 1, LONG);
    await noneIsLeft();
    await eventually(async () => (await underWay()) === 0, LONG);
    const error = await new Promise((resolve) => client.socket.write('x', resolve));
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('an export that takes long to find its first row', () => {
  beforeAll(async () => {
    service = await startReportingService({ MAX_EXPORTS: 1, EXPORT_TIMEOUT_MS: 2_000 });
    await fill(service.prisma, 10_000);
    await service.prisma.$executeRawUnsafe('ALTER TABLE order_reports RENAME TO real_reports');
    await service.prisma.$executeRawUnsafe(
      'CREATE VIEW order_reports AS SELECT * FROM real_reports WHERE pg_sleep(0.05) IS NOT NULL',
    );
  }, 60_000);
  afterAll(() => service.stop());

  const working = async (): Promise<boolean> => {
    const rows = await service.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE application_name = 'alpes export' AND query LIKE '%COPY%' AND state = 'active'`;
    return rows.length > 0;
  };

  it('begins at once, and is cancelled in the middle of its statement when its reader goes', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${service.url}/reports/orders?status=PENDING`, { signal: leaving.signal });
    expect(response.status).toBe(200);
    await eventually(working, LONG);
    leaving.abort();
    await noneIsLeft();
    await eventually(async () => (await underWay()) === 0, LONG);
  });

  it('is broken off when its time is over', async () => {
    const response = await fetch(`${service.url}/reports/orders`);
    await expect(response.text()).rejects.toThrow('terminated');
    await noneIsLeft();
  });
});
