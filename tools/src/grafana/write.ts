// Writes deploy/grafana/alpes.json. A step of `npm run generate`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start/system.js';
import { dashboard } from './dashboard.js';

writeFileSync(join(root, 'deploy/grafana/alpes.json'), `${JSON.stringify(dashboard(), null, 2)}\n`);
