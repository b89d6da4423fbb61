import { describe, expect, it } from '@jest/globals';
import type { ReportRow } from '../domain/report.js';
import type { ReportFormat } from '../domain/report-format.js';
import { asRead, readers } from '../testing/readers.js';
import { aRow, aRowWithoutTransaction } from '../testing/rows.js';
import * as formats from './index.js';

/** So many rows at a time. */
async function* stream(rows: readonly ReportRow[], size = 2): AsyncGenerator<readonly ReportRow[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

async function collect(chunks: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const buffers: Buffer[] = [];
  for await (const chunk of chunks) buffers.push(Buffer.from(chunk));
  return Buffer.concat(buffers);
}

const NASTY = [
  'Calle "Larga" 1, piso 2\n08001 Barcelona 🏔️',
  '=HYPERLINK("http://evil.example","Click")',
  '+1, -1, @x',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r\n',
  '＝1',
  "'=1",
  "''=1",
  "'tis a text",
  "'",
  '"',
  ',',
  ' spaces ',
  'null',
  '\u2028\uFEFF',
];

const members = Object.entries(formats) as [keyof typeof formats, ReportFormat][];

describe.each(members)('the format %s', (name, format) => {
  it('goes by its own name, and its extension is safe in a file name', () => {
    expect(format.name).toBe(name);
    expect(format.extension).toMatch(/^[a-z0-9]+$/);
    expect(format.contentType).toMatch(/^[a-z]+\/[a-z0-9.+-]+(; charset=utf-8)?$/);
  });

  it('brings every column back as it was, whatever the texts', async () => {
    const rows = [...NASTY.map((address) => aRow({ address })), aRowWithoutTransaction()];
    expect(readers[name](await collect(format.write(stream(rows))))).toEqual(rows.map(asRead));
  });

  it('brings the largest numbers back exactly, and negative ones as numbers', async () => {
    const row = aRow({ total: Number.MAX_SAFE_INTEGER, clientId: -12, transactionAmount: 0 });
    expect(readers[name](await collect(format.write(stream([row]))))).toEqual([asRead(row)]);
  });

  it('writes a table of no rows', async () => {
    expect(readers[name](await collect(format.write(stream([]))))).toEqual([]);
  });

  it('asks for rows only when those before are written, so that a table of any length fits', async () => {
    let asked = 0;
    const endless = async function* (): AsyncGenerator<readonly ReportRow[]> {
      for (;;) {
        asked += 1;
        yield [aRow(), aRow()];
      }
    };
    let chunks = 0;
    for await (const chunk of format.write(endless())) {
      chunks += chunk.length > 0 ? 1 : 0;
      if (chunks === 1_000) break;
    }
    expect(chunks).toBe(1_000);
    expect(asked).toBeLessThanOrEqual(1_001);
  });

  it('ends its source when nobody reads on, and fails with it', async () => {
    let ended = false;
    const source = async function* (): AsyncGenerator<readonly ReportRow[]> {
      try {
        yield [aRow()];
        yield [aRow()];
        throw new Error('the database is gone');
      } finally {
        ended = true;
      }
    };
    await expect(collect(format.write(source()))).rejects.toThrow('the database is gone');
    ended = false;
    let read = 0;
    for await (const chunk of format.write(source())) {
      read += chunk.length;
      if (read > 300) break;
    }
    expect(ended).toBe(true);
  });
});

describe('a CSV', () => {
  it('has a header and a line per row, and writes down what a spreadsheet would run as a text', async () => {
    const written = await collect(formats.csv.write(stream([aRow({ address: '=1+1', clientId: -12 })])));
    expect(written.toString()).toBe(
      'id,clientId,address,currency,status,total,lines,orderVersion,createdAt,updatedAt,' +
        'transactionId,transactionState,transactionAmount,transactionCurrency,transactionVersion,processedAt\n' +
        `01890a5d-ac96-774b-bcce-b302099a8057,-12,'=1+1,EUR,APPROVED,2500,` +
        '"[{""sku"":""A-1"",""name"":""Lamp, \\""large\\"""",""quantity"":2,""unitPrice"":1250}]",' +
        '2,2026-01-01T10:00:00.123Z,2026-01-01T10:00:01.456Z,' +
        '01890a5d-ac96-774b-bcce-b302099a8058,APPROVED,2500,EUR,2,2026-01-01T10:00:01.400Z\n',
    );
  });
});

describe('a JSON', () => {
  it('of a single order is that order, not a table', async () => {
    const written = await collect(formats.json.writeOne(aRow()));
    expect(JSON.parse(written.toString())).toMatchObject({ id: aRow().id, total: 2500 });
  });
});
