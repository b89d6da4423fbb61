#!/usr/bin/env node
// `npm test`: unit and integration tests side by side, then the end-to-end tests, which each own a whole system, one
// after the other. Arguments go to Jest: `npm test -- services/order`, `npm test -- -t 'a name'`.
import { conclude, runSuite, suites } from './lib/suites.mjs';
import { setupOrExit } from './setup.mjs';

await setupOrExit({ quiet: true });
const results = [];
for (const suite of suites) results.push(await runSuite(suite, process.argv.slice(2)));
process.exitCode = conclude(results) ? 0 : 1;
