import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from 'prettier';
import { root } from '../start/system.js';
import { configurationPage, type Reader } from './configuration-page.js';
import { configurationReaders } from './configuration-readers.js';

const load = async (folder: string): Promise<Pick<Reader, 'settings'>> =>
  (await import(join(root, folder, 'src', 'settings.ts'))) as Pick<Reader, 'settings'>;

describe('docs/configuration.md', () => {
  const file = readFileSync(join(root, 'docs', 'configuration.md'), 'utf8');

  it('says what the programs read; if not, `npm run generate` writes it anew', async () => {
    expect(configurationPage(await configurationReaders(load))).toBe(file);
  });

  it('tells of every variable what it means', () => {
    const rows = file.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((line) => / \|\s+\|$/.test(line))).toEqual([]);
  });

  it('is formatted as everything else', async () => {
    expect(await check(file, { parser: 'markdown', printWidth: 120, singleQuote: true })).toBe(true);
  });
});
