import { eventually } from '@alpes/messaging/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareTortureRuns } from '../torture/testing/torture-runs.js';
import { processesThatKnow } from './processes.js';

jest.setTimeout(900_000);

const { folder, start, expectWell } = prepareTortureRuns();
const kept = (name: string): string => join(folder(), 'torture', name);

describe('the torture', () => {
  it('of 20 faults of all kinds, with a new seed, loses nothing, doubles nothing and keeps the order', async () => {
    await expectWell(start('--kills', '20'), 20);
    const reports = readdirSync(kept('')).filter((name) => name.endsWith('.html'));
    expect(reports).toHaveLength(1);
    expect(readFileSync(kept(reports[0] ?? ''), 'utf8')).toContain('Nothing was lost, doubled or out of order.');
  });

  it('finds an order that a client was told is accepted, and that nobody has', async () => {
    const run = start('--seed', '1', '--kills', '1', '--fault', 'kill');
    await eventually(() => run.output().includes('recovered after'), { timeoutMs: 240_000 });
    const lost = randomUUID();
    appendFileSync(kept('1.ledger'), `${lost}\n`);
    const { code, output } = await run.ended;
    expect(output).toMatch(/^lost +1$/m);
    expect(output).toContain(lost);
    expect(output).toContain('Something is wrong. The same faults again: npm run torture -- --seed 1 --kills 1');
    expect(code).toBe(1);
  });

  it('leaves nothing behind after Ctrl-C but what it has written down', async () => {
    const run = start('--seed', '2', '--kills', '5', '--fault', 'freeze');
    const isUnderWay = () => existsSync(kept('2.ledger')) && readFileSync(kept('2.ledger'), 'utf8').length > 0;
    await eventually(isUnderWay, { timeoutMs: 240_000 });
    expect(processesThatKnow(folder()).length).toBeGreaterThan(10);
    run.interrupt();
    expect((await run.ended).code).toBe(130);
    await eventually(() => processesThatKnow(folder()).length === 0, { timeoutMs: 30_000 });
    expect(readdirSync(folder())).toEqual(['torture']);
  });
});
