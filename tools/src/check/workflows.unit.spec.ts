import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start/system.js';

const folder = join(root, '.github', 'workflows');
const used = readdirSync(folder).flatMap((name) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line.includes('uses:')),
);

describe('the workflows', () => {
  it.each(used)('%s: is pinned by commit, and says which version that is', (line) => {
    expect(line).toMatch(/^ +(- )?uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
