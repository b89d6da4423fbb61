import { runProcess } from '@alpes/service-kit';
import { readSettings } from './settings.js';
import { startClientFaker } from './start.js';

await runProcess('client-faker', readSettings, startClientFaker);
