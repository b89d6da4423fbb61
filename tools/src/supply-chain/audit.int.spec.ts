import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { runProgram } from './testing/run-program.js';

// npm takes its time on a busy machine.
jest.setTimeout(60_000);

type Versions = Readonly<Record<string, readonly string[]>>;

let server: Server;
/** What npm asked about. */
let asked: Versions = {};

/** An npm registry that knows these advisories, by package; without them it is one that offers no audit. */
async function startRegistry(advisories?: Readonly<Record<string, readonly object[]>>): Promise<string> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const isAudit = request.method === 'POST' && request.url === '/-/npm/v1/security/advisories/bulk';
    if (!isAudit || advisories === undefined) {
      response.writeHead(isAudit ? 405 : 404).end('{}');
      return;
    }
    asked = JSON.parse(gunzipSync(body).toString()) as Versions;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(advisories));
  };
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const advisory = (severity: string) => ({
  ...{ id: 1, url: 'https://example.com/advisory', title: 'Lets anybody in', severity, vulnerable_versions: '*' },
});

describe('npm run audit', () => {
  afterEach(() => void server.close());

  it('asks about what production runs, and ends with 0 if nothing is known against it', async () => {
    expect(await runProgram('audit', ['--required'], await startRegistry({}))).toMatchObject({ code: 0 });
    expect(Object.keys(asked)).toEqual(expect.arrayContaining(['express', 'pg', 'pulsar-client']));
    for (const name of ['@jest/globals', 'jest', 'prisma', 'typescript']) expect(asked).not.toHaveProperty([name]);
  });

  it('ends with 1 and the finding if one is high', async () => {
    const result = await runProgram('audit', [], await startRegistry({ express: [advisory('high')] }));
    expect(result).toMatchObject({ code: 1, out: expect.stringMatching(/express.*Lets anybody in/s) });
    expect(result.err).toContain('Upgrade what is named');
  });

  it('tells of a moderate one, and ends with 0', async () => {
    const result = await runProgram('audit', ['--required'], await startRegistry({ express: [advisory('moderate')] }));
    expect(result).toMatchObject({ code: 0, out: expect.stringContaining('Lets anybody in') });
  });

  it('says that nothing was audited where the registry offers no audit; if it is required, that is a failure', async () => {
    const registry = await startRegistry();
    const said = { err: expect.stringContaining('Not audited') };
    expect(await runProgram('audit', [], registry)).toMatchObject({ code: 0, ...said });
    expect(await runProgram('audit', ['--required'], registry)).toMatchObject({ code: 1, ...said });
  });

  it('ends with 2 if the command line can’t be understood', async () => {
    expect(await runProgram('audit', ['--all'], await startRegistry())).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('Usage:') },
    });
  });
});
