// Writes into docs/how-to/production.md the rights that follow from the contract. A step of `npm run generate`.
import { catalogue } from '@alpes/contracts';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start/system.js';
import { productionRights, withRights } from './production-rights.js';

const file = join(root, 'docs', 'how-to', 'production.md');
writeFileSync(file, withRights(readFileSync(file, 'utf8'), productionRights(catalogue)));
