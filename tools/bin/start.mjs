#!/usr/bin/env node
// `npm start`: sets up what is missing, then becomes the supervisor of the whole system.
import { setupOrExit } from './setup.mjs';

await setupOrExit();
process.setSourceMapsEnabled(true);
await import('../dist/start/bundle.js');
