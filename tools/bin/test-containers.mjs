#!/usr/bin/env node
// `npm run test:containers`: the system of docker-compose.yml, as images that are built for it. Arguments go to Jest.
import { runContainerSuite } from './lib/container-suite.mjs';
import { conclude } from './lib/suites.mjs';
import { setupOrExit } from './setup.mjs';

await setupOrExit({ quiet: true });
const results = await runContainerSuite(process.argv.slice(2));
process.exitCode = results.length === 0 || conclude(results) ? 0 : 1;
