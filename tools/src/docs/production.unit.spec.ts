import { catalogue } from '@alpes/contracts';
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start/system.js';
import { productionRights, withRights } from './production-rights.js';

describe('docs/how-to/production.md', () => {
  const page = readFileSync(join(root, 'docs', 'how-to', 'production.md'), 'utf8');

  it('gives the rights that follow from the contract; if not, `npm run generate` writes them anew', () => {
    expect(withRights(page, productionRights(catalogue))).toBe(page);
  });

  it('would give other rights with another contract', () => {
    const [first, ...others] = catalogue.contracts;
    if (first === undefined) throw new Error('there are no contracts');
    const changed = [{ ...first, consumers: [...first.consumers, 'billing'] }, ...others];
    const rights = productionRights({ contracts: changed });
    expect(rights).toContain(`alpes/${first.topic} --role billing --actions consume\n`);
    expect(rights).toContain(`alpes/${first.topic}-billing-DLQ --role billing --actions produce,consume\n`);
    expect(rights).toContain('--subscription billing --roles billing,operator\n');
    expect(withRights(page, rights)).not.toBe(page);
  });
});
