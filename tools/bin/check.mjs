#!/usr/bin/env node
// `npm run check`: what everybody runs before a push. The static steps first, as many at once as the machine has
// processors, then the tests of `npm test`. It stops at the first stage in which something is wrong.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { compile } from './lib/build.mjs';
import { files, hash } from './lib/stamps.mjs';
import { elapsed, failed, done, say } from './lib/progress.mjs';
import { generated, generators } from './lib/generators.mjs';
import { root, tool } from './lib/run-tool.mjs';
import { runContainerSuite } from './lib/container-suite.mjs';
import { havePrometheus } from './lib/prometheus.mjs';
import { pulsarSample, runPulsarSuites } from './lib/pulsar-suites.mjs';
import { conclude, runSuite, suites } from './lib/suites.mjs';
import { setup } from './setup.mjs';

const results = [];

/**
 * Every step with the seconds that it may take on a machine with two processors; one that takes longer is told, so that
 * it is noticed when checking becomes slow. Steps of one stage do not depend on each other, but tests want the machine
 * for themselves.
 */
const stages = [
  // The first time it fetches all packages.
  [
    { name: 'set up', budget: 120, run: () => setup({ quiet: true }) },
    { name: 'Prometheus', budget: 60, run: havePrometheus },
  ],
  [{ name: 'generated code is up to date', budget: 10, run: generatedIsUpToDate }],
  [
    { name: 'types', budget: 15, run: checkTypes },
    // The layer rules are among its rules: see .oxlintrc.json.
    { name: 'lint and layers', budget: 15, run: () => tool('oxlint', ['--type-aware', '--deny-warnings', '.']) },
    { name: 'format', budget: 20, run: () => tool('prettier', ['--check', '--log-level=warn', '.']) },
    { name: 'contract: lint', budget: 5, run: () => tool('buf', ['lint']) },
    { name: 'contract: format', budget: 5, run: () => tool('buf', ['format', '--diff', '--exit-code']) },
    { name: 'contract: breaks no released version', budget: 10, run: breaksNothing },
    { name: 'licences', budget: 5, run: licences },
  ],
  [
    ...suites.map((suite) => ({ ...suite, alone: true, run: async () => judge([await runSuite(suite)]) })),
    // With what it takes to fetch Pulsar once.
    { name: 'tests on a real Pulsar', budget: 480, alone: true, run: testOnPulsar },
    // With what it takes to build all images.
    { name: 'tests in containers', budget: 600, alone: true, run: async () => judge(await runContainerSuite()) },
  ],
];

/** With the note for the next set-up that it has nothing to compile: what was generated again has new times. */
async function checkTypes() {
  await compile();
  await tool('tsc', ['-b']);
}

/** Generates everything again and compares, byte by byte; what was out of date is put right by that. */
async function generatedIsUpToDate() {
  const before = contents();
  for (const generator of generators) await generator.run();
  const after = contents();
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  if (names.length > 0)
    throw new Error(`These were out of date and are generated anew; commit them:\n${names.join('\n')}`);
}

function contents() {
  const paths = generated.flatMap((path) => {
    const full = join(root, path);
    const status = statSync(full, { throwIfNoEntry: false });
    if (status === undefined) return [];
    return status.isDirectory() ? files(full, () => true) : [full];
  });
  return new Map(paths.map((path) => [path.slice(root.length + 1), hash(readFileSync(path))]));
}

async function breaksNothing() {
  for (const version of readdirSync(join(root, 'proto', 'released'), { withFileTypes: true })) {
    if (!version.isDirectory()) continue;
    const against = ['--against', `proto/released/${version.name}`];
    await tool('buf', ['breaking', 'proto', ...against]);
  }
}

/** Of what production runs, not of what we develop with. */
async function licences() {
  const { checkLicences } = await import('../dist/supply-chain/licences.js');
  checkLicences();
}

/** A part of `npm run test:pulsar`, which takes a quarter of an hour; nothing where Pulsar can't run. */
async function testOnPulsar() {
  judge(await runPulsarSuites(pulsarSample));
}

function judge(ran) {
  results.push(...ran);
  const isWell = ({ code, failed, passed }) => code === 0 && failed === 0 && passed > 0;
  if (!ran.every(isWell)) throw new Error('Tests failed: see above.');
}

/** Runs one step; resolves to what is wrong, or undefined. */
async function check({ name, budget, run }) {
  const start = performance.now();
  try {
    await run();
    done(name, start);
    if (performance.now() - start > budget * 1000) say(`  warning: ${name} took longer than its ${budget} s`);
    return undefined;
  } catch (error) {
    failed(name, start);
    return `${name}:\n${error.output ?? error.message}`;
  }
}

async function runStage(steps) {
  const waiting = [...steps];
  const wrong = [];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) wrong.push(await check(step));
  };
  const workers = steps.some(({ alone }) => alone) ? 1 : availableParallelism();
  await Promise.all(Array.from({ length: workers }, worker));
  return wrong.filter((text) => text !== undefined);
}

const start = performance.now();
for (const steps of stages) {
  const wrong = await runStage(steps);
  if (results.length > 0) conclude(results);
  if (wrong.length === 0) continue;
  say(`\n${wrong.join('\n\n')}\n\ncheck failed (${elapsed(start)})`);
  process.exit(1);
}
say(`\ncheck passed (${elapsed(start)})`);
