#!/usr/bin/env node
// Freezes today's contract as a released version (see proto/released/README.md):
// `npm run setup && node packages/contracts/bin/release.mjs 0.2`.
import { fromJsonString, toBinary } from '@bufbuild/protobuf';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { catalogue } from '../dist/index.js';

const [version = ''] = process.argv.slice(2);
const root = new URL('../../../', import.meta.url);
const released = new URL(`proto/released/${version}/`, root);
const golden = new URL(`packages/contracts/golden/${version}/`, root);

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

if (!/^\d+\.\d+$/.test(version)) stop('Usage: node packages/contracts/bin/release.mjs MAJOR.MINOR');
if (existsSync(released)) stop(`${fileURLToPath(released)} exists: a released version is never changed.`);
const missing = catalogue.contracts
  .map(({ schema }) => new URL(`${schema.name}.json`, golden))
  .filter((file) => !existsSync(file));
if (missing.length > 0) stop(`Write an example of each message first:\n${missing.map(fileURLToPath).join('\n')}`);

for (const { schema } of catalogue.contracts) {
  const message = fromJsonString(schema, readFileSync(new URL(`${schema.name}.json`, golden), 'utf8'));
  writeFileSync(new URL(`${schema.name}.bin`, golden), toBinary(schema, message));
}

mkdirSync(released, { recursive: true });
const proto = new URL('proto/', root);
for (const folder of readdirSync(proto).filter((name) => name !== 'released')) {
  cpSync(new URL(folder, proto), new URL(folder, released), { recursive: true });
}
cpSync(new URL('packages/messaging/proto/', root), released, { recursive: true });
const note = '# A module of its own, so that buf reads this folder alone.\n';
writeFileSync(new URL('buf.yaml', released), `${note}version: v2\n`);
