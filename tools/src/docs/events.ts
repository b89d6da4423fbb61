// Writes docs/events.md from the contract. A step of `npm run generate`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readContract } from './contract.js';
import { eventsPage } from './events-page.js';
import { compileContract } from './image.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
writeFileSync(join(root, 'docs', 'events.md'), eventsPage(readContract(compileContract(root))));
