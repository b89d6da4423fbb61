#!/usr/bin/env node
// Generates, from the contracts, all code and documents that are committed. `npm run check` repeats it and compares.
import { setupOrExit } from './setup.mjs';
import { generators } from './lib/generators.mjs';
import { exitOnFailure, step } from './lib/progress.mjs';

// Not compiled: code may already use what is only now to be generated.
await setupOrExit({ quiet: true, compiled: false });
await exitOnFailure(async () => {
  for (const { name, run } of generators) await step(`generated: ${name}`, 'Its source has to be put right.', run);
});
