import { AlpesError, type DeadLetters } from '@alpes/messaging';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../logging.js';
import { createRegistry } from '../telemetry.js';
import { deadLetterRoutes } from './dead-letters.js';
import { createHttpServer, type HttpServer } from './server.js';

const deadLetters = {
  topics: ['crear-orden'],
  list: jest.fn<DeadLetters['list']>(),
  show: jest.fn<DeadLetters['show']>(),
  redrive: jest.fn<DeadLetters['redrive']>(),
  drop: jest.fn<DeadLetters['drop']>(),
};
const id = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8';

let server: HttpServer;
let url: string;
beforeAll(async () => {
  const logger = createLogger('test', 'silent');
  const routes = deadLetterRoutes(deadLetters, logger);
  server = createHttpServer({ logger, registry: createRegistry('test'), checks: {}, routes });
  url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}/dead-letters`;
});
beforeEach(() => {
  deadLetters.list.mockReset().mockResolvedValue({ items: [], next: 'more' });
  deadLetters.show.mockReset().mockRejectedValue(new AlpesError('not-found', 'there is none'));
  deadLetters.redrive.mockReset().mockResolvedValue({ items: [] });
  deadLetters.drop.mockReset().mockResolvedValue({ items: [] });
});
afterAll(() => server.close());

function post(path: string, body: unknown, type = 'application/json'): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${url}/${path}`, { method: 'POST', headers: { 'content-type': type }, body: text });
}

async function problemOf(response: Response): Promise<[number, string | undefined]> {
  const { errors } = (await response.json()) as { errors: { path: string }[] };
  return [response.status, errors[0]?.path];
}

describe('GET /dead-letters', () => {
  it('asks for the page that its query describes', async () => {
    const to = encodeURIComponent('2026-11-21T13:00:00+02:00');
    const query = `topic=crear-orden&reason=undecodable&from=2026-11-20&to=${to}&limit=5&after=x`;
    const response = await fetch(`${url}?${query}&id=${id.toUpperCase()}&state=dead&state=expired`);
    expect([response.status, await response.json()]).toEqual([200, { letters: [], next: 'more' }]);
    expect(deadLetters.list).toHaveBeenCalledWith({
      ...{ topic: 'crear-orden', reason: 'undecodable', limit: 5, after: 'x', ids: [id], states: ['dead', 'expired'] },
      ...{ from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T11:00:00Z') },
    });
  });

  it.each([
    ['reason=tired', 'query.reason'],
    ['from=yesterday', 'query.from'],
    ['from=2026-02-30', 'query.from'],
    ['to=2026-11-21T12:00:00', 'query.to'],
    ['from=2026-11-21&to=2026-11-20', 'query.to'],
    ['id=7', 'query.id.0'],
    [`id=${id}&id=7`, 'query.id.1'],
    ['state=sleepy', 'query.state.0'],
    ['limit=0', 'query.limit'],
    ['limit=201', 'query.limit'],
    ['limit=all', 'query.limit'],
    ['topic=a&topic=b', 'query.topic'],
    ['color=red', 'query.color'],
  ])('refuses %s and names what is wrong', async (query, path) => {
    expect(await problemOf(await fetch(`${url}?${query}`))).toEqual([400, path]);
    expect(deadLetters.list).not.toHaveBeenCalled();
  });

  it('passes on what the letters themselves refuse', async () => {
    const details = [{ path: 'after', message: 'is nothing' }];
    deadLetters.list.mockRejectedValue(new AlpesError('invalid-input', 'after is nothing', { details }));
    expect(await problemOf(await fetch(`${url}?after=x`))).toEqual([400, 'query.after']);
  });

  it('says with 503 that the broker or the database is away', async () => {
    deadLetters.list.mockRejectedValue(new AlpesError('unavailable', 'the broker is away'));
    const response = await fetch(url);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  });
});

describe('GET /dead-letters/:id', () => {
  it('refuses what is no id, and knows when there is none', async () => {
    expect(await problemOf(await fetch(`${url}/7`))).toEqual([400, 'params.id']);
    expect((await fetch(`${url}/${id}`)).status).toBe(404);
    expect(deadLetters.show).toHaveBeenCalledWith(id);
    expect((await fetch(`${url}/%`)).status).toBe(400);
  });
});

describe('POST /dead-letters/redrive and drop', () => {
  it('do it to the letters that the body selects', async () => {
    const response = await post('redrive', { ids: [id], force: true, limit: 10 });
    expect([response.status, await response.json()]).toEqual([200, { dryRun: false, results: [] }]);
    expect(deadLetters.redrive).toHaveBeenCalledWith(
      expect.objectContaining({ ids: [id], force: true, dryRun: false, limit: 10 }),
    );
    expect(await (await post('drop', { all: true, dryRun: true })).json()).toEqual({ dryRun: true, results: [] });
    expect(deadLetters.drop).toHaveBeenCalledWith(expect.objectContaining({ dryRun: true }));
  });

  it.each<[string, unknown, number, string]>([
    ['redrive', {}, 400, 'body.all'],
    ['drop', {}, 400, 'body.all'],
    ['redrive', { all: false }, 400, 'body.all'],
    ['redrive', { all: 'yes' }, 400, 'body.all'],
    ['redrive', { dryRun: 'no', all: true }, 400, 'body.dryRun'],
    ['drop', { force: true, all: true }, 400, 'body.force'],
    ['redrive', { ids: [] }, 400, 'body.ids'],
    ['redrive', { ids: [id, 'x'] }, 400, 'body.ids.1'],
    ['redrive', { ids: id }, 400, 'body.ids'],
    ['redrive', { topic: 7 }, 400, 'body.topic'],
    ['redrive', { limit: '5', all: true }, 400, 'body.limit'],
    ['redrive', { from: 1, all: true }, 400, 'body.from'],
    ['redrive', { from: '2026-11-21', to: '2026-11-21' }, 400, 'body.to'],
    ['redrive', [], 400, 'body'],
    ['redrive', 'null', 400, 'body'],
    ['redrive', '', 400, 'body.all'],
    ['redrive', '{', 400, 'body'],
    ['drop', 'x'.repeat(70_000), 413, 'body'],
  ])('refuse, for %s, %j, and name what is wrong', async (path, body, status, wrong) => {
    expect(await problemOf(await post(path, body))).toEqual([status, wrong]);
    expect(deadLetters.redrive).not.toHaveBeenCalled();
    expect(deadLetters.drop).not.toHaveBeenCalled();
  });

  it('refuse what another site can send in the name of an operator', async () => {
    expect((await post('redrive', { all: true }, 'text/plain')).status).toBe(415);
  });

  it('are no queries', async () => {
    expect((await fetch(`${url}/redrive`)).status).toBe(405);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
  });
});
