import { eventually } from '@alpes/messaging/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { fill } from '../testing/filled.js';
import { type ReportingService, startReportingService } from '../testing/reporting-service.js';
import { openReports } from './report-export.js';

const LONG = { timeoutMs: 20_000 };

let service: ReportingService;
beforeAll(async () => {
  service = await startReportingService();
  await fill(service.prisma, 20_000, { padding: 1_500 });
}, 120_000);
afterAll(() => service.stop());

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

const settings = (url = service.databaseUrl) => ({
  ...{ DATABASE_URL: url, DATABASE_LOCK_TIMEOUT_MS: 200, EXPORT_STALL_MS: 1_000 },
});

async function exports(): Promise<number> {
  const [row] = await service.prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'alpes export' AND datname = current_database()`;
  return row?.count ?? 0;
}

describe('the export of the table', () => {
  it('is ended by PostgreSQL when the process that reads it stands still', async () => {
    const program = fileURLToPath(new URL('../../fixtures/exporting-process.mjs', import.meta.url));
    const child = fork(program, [service.databaseUrl], { env: { ...process.env, NODE_OPTIONS: '' } });
    children.push(child);
    await new Promise((resolve) => child.once('message', resolve));
    child.kill('SIGSTOP');
    expect(await exports()).toBe(1);
    await eventually(async () => (await exports()) === 0, { ...LONG, what: 'the snapshot is held no more' });
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  it('can not be opened while somebody has the table to himself', async () => {
    await service.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE order_reports IN ACCESS EXCLUSIVE MODE`;
      await expect(openReports(settings())({}, new AbortController().signal)).rejects.toThrow('lock timeout');
    });
    expect(await exports()).toBe(0);
  });

  it('is opened for nobody who has gone, nor waited for while the database does not answer', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const open = openReports(settings(`postgresql://a:b@127.0.0.1:${(silent.address() as AddressInfo).port}/c`));
    const leaving = new AbortController();
    const opened = open({}, leaving.signal);
    const connected = new Promise((resolve) => silent.once('connection', resolve));
    await connected;
    leaving.abort();
    await expect(opened).rejects.toMatchObject({ code: 'unavailable', message: 'whoever asked has gone' });
    await expect(open({}, leaving.signal)).rejects.toMatchObject({ code: 'unavailable' });
    await new Promise((resolve) => silent.close(resolve));
  });
});
