import { run, tool } from './run-tool.mjs';

/** Everything that is generated and yet committed. */
export const generated = [
  'packages/messaging/src/gen',
  'packages/contracts/src',
  'docs/events.md',
  'docs/configuration.md',
  'docs/how-to/production.md',
  'deploy/grafana/alpes.json',
];

/** In this order: a later one may read what an earlier one wrote. */
export const generators = [
  { name: 'options', run: () => tool('buf', ['generate', '--template', 'packages/messaging/buf.gen.yaml']) },
  { name: 'contracts', run: () => tool('buf', ['generate']) },
  { name: 'contracts index', run: () => script('tools/bin/contracts-index.mjs') },
  // What follows is a compiled program; no service is needed for it.
  { name: 'tools compiled', run: () => tool('tsc', ['-b', 'tools']) },
  { name: 'docs/events.md', run: () => script('tools/dist/docs/events.js') },
  { name: 'all compiled', run: () => tool('tsc', ['-b']) },
  { name: 'docs/configuration.md', run: () => script('tools/dist/docs/configuration.js') },
  { name: 'docs/how-to/production.md', run: () => script('tools/dist/docs/production.js') },
  { name: 'deploy/grafana/alpes.json', run: () => script('tools/dist/grafana/write.js') },
];

/** A generator written in this repository. */
const script = (file, ...args) => run(process.execPath, [file, ...args]);
