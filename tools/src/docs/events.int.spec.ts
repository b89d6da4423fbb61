import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from 'prettier';
import { readContract } from './contract.js';
import { eventsPage } from './events-page.js';
import { compileContract } from './image.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('docs/events.md', () => {
  const page = eventsPage(readContract(compileContract(root)));

  it('says what the contract says; if not, `npm run generate` writes it anew', () => {
    expect(readFileSync(join(root, 'docs', 'events.md'), 'utf8')).toBe(page);
  });

  it('tells of every message, field and state what it means', () => {
    const unexplained = page.split('\n').filter((line) => / \|\s+\|$/.test(line));
    expect(unexplained.filter((line) => !line.includes('_UNSPECIFIED'))).toEqual([]);
  });

  it('is formatted as everything else', async () => {
    expect(await check(page, { parser: 'markdown', printWidth: 120, singleQuote: true })).toBe(true);
  });
});
