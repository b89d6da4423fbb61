#!/usr/bin/env node
// `npm run test:pulsar`: all tests that need a real Pulsar. Where it can't run this says so and is content. Arguments go to Jest.
import { runPulsarSuites } from './lib/pulsar-suites.mjs';
import { conclude } from './lib/suites.mjs';
import { setupOrExit } from './setup.mjs';

await setupOrExit({ quiet: true });
const results = await runPulsarSuites(process.argv.slice(2));
process.exitCode = results.length === 0 || conclude(results) ? 0 : 1;
