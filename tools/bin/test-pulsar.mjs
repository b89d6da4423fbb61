#!/usr/bin/env node
// `npm run test:pulsar`: the tests that need a real Pulsar, which is fetched and started for them, over ws:// and, where its
// add-on loads, over pulsar://. Where there is no Java it says so and is content. Arguments go to Jest.
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
const { loadPulsarClient } = await import('../../packages/messaging/dist/transports/pulsar-binary/native.js');
const overBinary = await loadPulsarClient().then(
  () => 'and over pulsar://',
  (error) => `but not over pulsar://: ${error.message}`,
);
say(`The tests on a real Pulsar run over ws://, ${overBinary}.`);
process.exitCode = conclude([await runSuite(pulsarSuite, process.argv.slice(2))]) ? 0 : 1;
