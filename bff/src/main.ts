import { readConfig, runProcess } from '@alpes/service-kit';
import { bffSettings } from './settings.js';
import { startBff } from './start.js';

await runProcess('bff', (env) => readConfig(bffSettings, env), startBff);
