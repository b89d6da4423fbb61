#!/usr/bin/env node
// Brings a checkout into the state in which everything runs: packages, generated code, compiled code. It runs before
// there are packages, so it has nothing to work with but Node itself.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, generatePrismaClients } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { done, exitOnFailure, SetupError } from './lib/progress.mjs';
import { withLock } from './lib/lock.mjs';

const minimum = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return;
  throw new SetupError(
    `Alpes needs Node ${minimum.join('.')} or newer; this is ${process.versions.node} (${process.execPath}).\nInstall a newer one, for example with \`nvm install\`.`,
  );
}

/**
 * Does what is still to be done, in well under a second when that is nothing.
 *
 * @param {{ quiet?: boolean, compiled?: boolean }} [options] quiet: no line when there was nothing to do; not compiled:
 *   packages only
 */
export async function setup({ quiet = false, compiled = true } = {}) {
  const start = performance.now();
  checkNode();
  await withLock(async () => {
    await install();
    if (!compiled) return;
    await generatePrismaClients();
    await compile();
  });
  if (!quiet) done('set up', start);
}

/** For the commands that set up first: a failure is a message and exit code 1, not a stack. */
export async function setupOrExit(options) {
  await exitOnFailure(() => setup(options));
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await setupOrExit();
}
