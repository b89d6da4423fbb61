import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { areBundled, bundle } from './bundle.mjs';
import { step } from './progress.mjs';
import { root, tool } from './run-tool.mjs';
import { files, fingerprint, hash, isStamped, stamp } from './stamps.mjs';
import { workspaces } from './workspaces.mjs';

/** Generates the Prisma client of every workspace whose schema has changed since. */
export async function generatePrismaClients() {
  // The messaging package's tests need a client too: that of the example in its README.
  const outdated = [...workspaces(), 'packages/messaging/fixtures/shop']
    .map((folder) => join(root, folder, 'prisma', 'schema.prisma'))
    .filter((schema) => existsSync(schema))
    .map((schema) => ({ schema, name: basename(dirname(dirname(schema))), wanted: prismaStamp(schema) }))
    .filter(({ schema, name, wanted }) => !isStamped(`prisma-${name}`, wanted) || !existsSync(clientOf(schema)));
  if (outdated.length === 0) return;
  const names = outdated.map(({ name }) => name).join(', ');
  await step(`Prisma clients generated: ${names}`, 'The schema named above has to be put right.', async () => {
    await Promise.all(
      outdated.map(async ({ schema, name, wanted }) => {
        await tool('prisma', ['generate', '--schema', schema, '--no-hints'], { env: prismaEnvironment });
        if (!existsSync(clientOf(schema)))
          throw new Error(`${relative(root, schema)} did not generate ../src/gen/prisma/client.ts`);
        stamp(`prisma-${name}`, wanted);
      }),
    );
  });
}

const prismaEnvironment = {
  // The generator asks for an engine that it never calls; naming any executable keeps it from downloading one.
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
  NO_COLOR: '1',
};

const clientOf = (schema) => join(dirname(dirname(schema)), 'src', 'gen', 'prisma', 'client.ts');

const prismaStamp = (schema) =>
  hash(readFileSync(schema), readFileSync(join(root, 'node_modules', 'prisma', 'package.json')));

/** Compiles all workspaces, without their tests, and makes one file of every program. */
export async function compile() {
  const folders = workspaces();
  const wanted = sourcesOf(folders);
  const built = folders.every((folder) => existsSync(join(root, folder, 'dist', '.tsbuildinfo'))) && areBundled();
  if (built && isStamped('compiled', wanted)) return;
  await step('compiled', 'The files named above have to be put right; `npx tsc -b` shows the same errors.', () =>
    tool('tsc', ['-b', ...folders]),
  );
  await step('bundled', 'The import named above has to be put right.', bundle);
  stamp('compiled', wanted);
}

/** `tsc -b` with nothing to do takes longer than asking for the times of its files. */
function sourcesOf(folders) {
  const isSource = (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts');
  const sources = folders.flatMap((folder) => files(join(root, folder, 'src'), isSource));
  const configs = folders.map((folder) => join(root, folder, 'tsconfig.json'));
  const packages = folders.map((folder) => join(root, folder, 'package.json'));
  return fingerprint([
    ...sources,
    ...configs,
    ...packages,
    join(root, 'tsconfig.base.json'),
    join(root, 'package-lock.json'),
    join(root, 'tools', 'bin', 'lib', 'bundle.mjs'),
  ]);
}
