#!/usr/bin/env node
// `npm run test:pulsar`: the tests that need a real Pulsar, which is fetched and started for them. Where there is no Java
// it says so and is content. Arguments go to Jest.
import { say } from './lib/progress.mjs';
import { conclude, pulsarSuite, runSuite } from './lib/suites.mjs';
import { setupOrExit } from './setup.mjs';

await setupOrExit({ quiet: true });
const { needJava } = await import('../dist/pulsar/needs.js');
try {
  needJava(process.env);
} catch (error) {
  say(`Not run: the tests on a real Pulsar. ${error.message}`);
  process.exit(0);
}
process.exitCode = conclude([await runSuite(pulsarSuite, process.argv.slice(2))]) ? 0 : 1;
