import { readConfig, runProcess } from '@alpes/service-kit';
import { fakerSettings } from './settings.js';
import { startClientFaker } from './start.js';

await runProcess('client-faker', (env) => readConfig(fakerSettings, env), startClientFaker);
