import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anchor } from './markdown.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Every page of the repository; outside a Git checkout, all that lie here. */
function pages(): string[] {
  const { status, stdout } = spawnSync('git', ['ls-files', '-z', '--', '*.md'], { cwd: root, encoding: 'utf8' });
  if (status === 0) return stdout.split('\0').filter((page) => page !== '');
  const all = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return all.filter((file) => file.endsWith('.md') && !/(^|[\\/])(node_modules|\.data)[\\/]/.test(file));
}

const linksOf = (text: string): string[] => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading));

/** The links of a page that lead nowhere; those out of the repository are not followed. */
function deadLinks(page: string, text: string): string[] {
  return linksOf(text)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', fragment] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, file))) return true;
      return fragment !== undefined && !anchorsOf(readFileSync(join(root, file), 'utf8')).includes(`#${fragment}`);
    });
}

describe('the documents', () => {
  it.each(pages())('%s: every link leads somewhere', (page) => {
    expect(deadLinks(page, readFileSync(join(root, page), 'utf8'))).toEqual([]);
  });

  it('a link that leads nowhere is noticed', () => {
    const text = '[a](nowhere.md) [b](events.md#nothing) [c](events.md#overview) [d](https://example.org/x)';
    expect(deadLinks('docs/x.md', text)).toEqual(['nowhere.md', 'events.md#nothing']);
  });

  it('every decision is in the list of decisions', () => {
    const list = linksOf(readFileSync(join(root, 'docs/adr/README.md'), 'utf8'));
    expect(list).toEqual(
      readdirSync(join(root, 'docs/adr'))
        .filter((file) => /^\d{4}-/.test(file))
        .toSorted(),
    );
  });
});
