import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../start/system.js';
import { codeBlocks } from '../documented.js';
import { applyChange, readPatch } from './patch.js';

const PATCH = `--- a/a.ts
+++ b/a.ts
@@ -1,2 +1,2 @@ whatever
 one
-two
+2
@@ -9 +9,2 @@
 nine
+ten
--- a/b/c.sql
+++ b/b/c.sql
@@ -1 +0,0 @@
-gone
`;

describe('a patch', () => {
  const [first, second] = readPatch(PATCH);
  if (first === undefined || second === undefined) throw new Error('the patch changes two files');

  it('changes the lines that it names, wherever they are', () => {
    expect([first.file, second.file]).toEqual(['a.ts', 'b/c.sql']);
    expect(applyChange(first, 'zero\none\ntwo\nthree\nnine\neleven\n')).toBe(
      'zero\none\n2\nthree\nnine\nten\neleven\n',
    );
    expect(applyChange(second, 'gone\nhere\n')).toBe('here\n');
  });

  it('is refused where its lines are not, or more than once', () => {
    expect(() => applyChange(first, 'one\nthree\nnine\n')).toThrow('a.ts has no place with these lines:\none\ntwo\n');
    expect(() => applyChange(second, 'gone\ngone\n')).toThrow('b/c.sql has more than one place');
  });
});

const FIXTURES = join(root, 'tools/fixtures/next-version');
const change = readFileSync(join(FIXTURES, 'change.patch'), 'utf8');
const pages = ['change-a-message.md', 'change-a-table.md'].map((page) =>
  readFileSync(join(root, 'docs/how-to', page), 'utf8'),
);
const shown = (language: string): string[] => pages.flatMap((page) => codeBlocks(page, language));

describe('the next version', () => {
  it.each(readPatch(change).map((one) => [one.file, one] as const))('can be made of %s as it is here', (file, one) => {
    expect(() => applyChange(one, readFileSync(join(root, file), 'utf8'))).not.toThrow();
  });

  it('has the code that the how-tos show', () => {
    const added = [...change.matchAll(/^\+(.*\n)/gm)].map(([, line]) => line).join('');
    const code = [...shown('ts'), ...shown('diff').map((block) => block.replaceAll(/^\+/gm, ''))];
    expect(code).toHaveLength(2);
    for (const block of code) expect(added).toContain(block);
  });

  it('has the migrations that the how-tos show; the backfill is none', () => {
    const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sql'));
    const migrations = files.map((file) => readFileSync(join(FIXTURES, file), 'utf8'));
    const blocks = shown('sql').filter((sql) => !sql.startsWith('UPDATE'));
    expect(blocks).toHaveLength(5);
    for (const block of blocks) expect(migrations).toContain(block);
  });
});
