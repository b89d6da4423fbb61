import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { letterOf } from '../../fixtures/letter.js';
import { catalogue } from '../../fixtures/shop/contracts.js';
import { AlpesError } from '../errors.js';
import type { ReceivedMessage } from '../subscriber.js';
import { readPage } from './pages.js';
import type { SelectionPage } from './selection.js';

const contracts = catalogue.contracts.filter(({ consumers }) => consumers.includes('mailer'));

/** Topics as lists of letters; positions are their indices. */
function sourceOf(topics: Readonly<Record<string, readonly ReceivedMessage[]>>) {
  const browse = async (topic: string, { after, limit }: { after?: string; limit: number }) => {
    const start = after === undefined ? 0 : Number(after) + 1;
    if (Number.isNaN(start)) throw new AlpesError('unknown', 'no position');
    return (topics[topic] ?? []).slice(start, start + limit);
  };
  return { service: 'mailer', transport: { browse }, contracts };
}

function lettersOf(topic: string, ids: readonly string[], properties: Readonly<Record<string, string>> = {}) {
  return ids.map((id, index) =>
    letterOf(id, { dlq_topic: topic, dlq_subscription: 'mailer', ...properties }, { position: String(index) }),
  );
}

async function walk(source: ReturnType<typeof sourceOf>, selection: SelectionPage = {}): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = await readPage(source, { ...selection, ...(after !== undefined && { after }) }, 'where-it-began');
    pages.push(page.letters.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return pages;
}

const ids = Array.from({ length: 5 }, () => uuidv7());

describe('a walk through the letters', () => {
  it('goes topic by topic, page by page, to the end', async () => {
    const source = sourceOf({
      'orders-mailer-DLQ': lettersOf('orders', ids.slice(0, 3)),
      'stock-mailer-DLQ': lettersOf('stock', ids.slice(3)),
    });
    expect(await walk(source, { limit: 2 })).toEqual([ids.slice(0, 2), [ids[2]], ids.slice(3), []]);
    expect((await walk(source, { topic: 'stock' })).flat()).toEqual(ids.slice(3));
    expect(await walk(sourceOf({}))).toEqual([[]]);
  });

  it('goes on over pages on which nothing is selected, and over what is no letter', async () => {
    const letters = lettersOf('orders', ids);
    const noLetter = { ...letterOf('nothing'), position: '1' };
    const source = sourceOf({ 'orders-mailer-DLQ': letters.with(1, noLetter) });
    expect(await walk(source, { limit: 1, ids: [ids[1] ?? '', (ids[3] ?? '').toUpperCase()] })).toEqual([
      ...[[], [], [], [ids[3]], [], []],
    ]);
  });

  it('selects by reason and by the time of death: from one on, before another', async () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 12, minute));
    const letters = ids.map((id, minute) =>
      letterOf(
        id,
        {
          dlq_topic: 'orders',
          dlq_subscription: 'mailer',
          dlq_died_at: at(minute).toISOString(),
          dlq_reason: minute === 2 ? 'undecodable' : 'unknown',
        },
        { position: String(minute) },
      ),
    );
    const source = sourceOf({ 'orders-mailer-DLQ': letters });
    expect((await walk(source, { from: at(1), to: at(3) })).flat()).toEqual(ids.slice(1, 3));
    expect((await walk(source, { reason: 'undecodable' })).flat()).toEqual([ids[2]]);
  });

  it('sees a letter once that was published twice', async () => {
    const letters = lettersOf('orders', [ids[0], ids[1], ids[0]] as string[]);
    expect(await walk(sourceOf({ 'orders-mailer-DLQ': letters }))).toEqual([ids.slice(0, 2), []]);
  });

  it('that changes things does not see what died after it began', async () => {
    const letters = lettersOf('orders', ids.slice(0, 2), { dlq_died_at: new Date(Date.now() + 60_000).toISOString() });
    const source = sourceOf({ 'orders-mailer-DLQ': letters });
    expect((await walk(source)).flat()).toEqual([]);
    expect((await readPage(source, {}, 'at-the-end')).letters).toHaveLength(2);
  });

  it('takes no more at once than fits into memory, and one letter at least', async () => {
    const large = { dlq_body: 'messaging.large_body, 9000000 bytes' };
    const source = sourceOf({
      'orders-mailer-DLQ': lettersOf(
        'orders',
        Array.from({ length: 40 }, () => uuidv7()),
        large,
      ),
    });
    const pages = await walk(source);
    expect(pages.map((page) => page.length)).toEqual([16, 16, 8, 0]);
  });

  it.each([
    [{ topic: 'nothing' }, 'topic'],
    [{ limit: 0 }, 'limit'],
    [{ limit: 201 }, 'limit'],
    [{ limit: 1.5 }, 'limit'],
    [{ after: 'nonsense' }, 'after'],
    [{ after: Buffer.from('null').toString('base64url') }, 'after'],
    [{ after: Buffer.from('{"topic":"orders","position":"x","began":1}').toString('base64url') }, 'after'],
    [{ after: Buffer.from('{"topic":"other","position":"1","began":1}').toString('base64url') }, 'after'],
  ])('refuses %j and says what is wrong', async (page, path) => {
    const read = readPage(sourceOf({}), page, 'at-the-end');
    await expect(read).rejects.toMatchObject({ code: 'invalid-input', details: [{ path }] });
  });

  it('passes on that the broker is away', async () => {
    const browse = () => Promise.reject(new AlpesError('unavailable', 'away'));
    const after = Buffer.from('{"topic":"orders","position":"1","began":1}').toString('base64url');
    const read = readPage({ service: 'mailer', transport: { browse }, contracts }, { after }, 'at-the-end');
    await expect(read).rejects.toMatchObject({ code: 'unavailable' });
  });
});
