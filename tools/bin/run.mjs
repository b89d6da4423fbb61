#!/usr/bin/env node
// Runs a compiled program of this repository, set up first: `node tools/bin/run.mjs client-faker/dist/cli.js --orders 10`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/run-tool.mjs';
import { setupOrExit } from './setup.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('Usage: node tools/bin/run.mjs FILE [ARGUMENTS]\n');
  process.exit(1);
}
await setupOrExit({ quiet: true });
const path = join(root, file);
if (!existsSync(path)) {
  process.stderr.write(`${file} does not exist.\n`);
  process.exit(1);
}
process.argv = [process.execPath, path, ...args];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(path).href);
