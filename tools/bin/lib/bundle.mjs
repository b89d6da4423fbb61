import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { root } from './run-tool.mjs';
import { workspaces } from './workspaces.mjs';

/**
 * What `npm start` and the images run: the program of every workspace that has one, and the supervisor, as they are compiled.
 * Each becomes one file beside it, with all that it imports, and that file is what is run. See docs/adr/0021.
 */
const programs = () => [
  ...workspaces()
    .filter((folder) => existsSync(join(root, folder, 'src', 'main.ts')))
    .map((folder) => join(root, folder, 'dist', 'main.js')),
  join(root, 'tools', 'dist', 'start', 'main.js'),
];

const bundleOf = (program) => join(dirname(program), 'bundle.js');

export const areBundled = () => programs().every((program) => existsSync(bundleOf(program)));

export async function bundle() {
  // Only who builds has it installed, and this file is read before.
  const { build, stop } = await import('esbuild');
  try {
    await Promise.all(programs().map((program) => build(optionsOf(program))));
  } finally {
    // Else its process would stay for as long as ours, which is about to become the supervisor.
    await stop();
  }
}

const optionsOf = (program) => ({
  entryPoints: [program],
  outfile: bundleOf(program),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  // What is not ours to bundle: pg asks for it if it is told to, and it is not installed.
  external: ['pg-native', ...queryCompilers],
  // Packages that are CommonJS ask for Node's modules with it.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  // Names stay what they are, for stacks and profiles; an error that quotes its line quotes no megabyte.
  minifyWhitespace: true,
  lineLimit: 200,
  sourcemap: 'linked',
  sourcesContent: false,
  plugins: [ownUrls(bundleOf(program))],
  logLevel: 'silent',
});

/** Prisma's, as WebAssembly in 4 MB of text: read when they are needed, not together with all the rest. */
const queryCompilers = ['@prisma/client/runtime/query_compiler_*'];

/** A module of ours that names files by their place beside it finds them there from within a bundle too. */
const ownUrls = (outfile) => ({
  name: 'own-urls',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const place = relative(dirname(outfile), path).replaceAll('\\', '/');
      const url = `new URL(${JSON.stringify(place)}, import.meta.url).href`;
      return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', url) };
    });
  },
});
