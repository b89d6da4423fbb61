import { runProcess } from '@alpes/service-kit';
import { readSettings } from './settings.js';
import { startBff } from './start.js';

await runProcess('bff', readSettings, startBff);
