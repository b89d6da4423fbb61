// `npm run bench`: what things cost on this machine.
import { benchCrashPoints } from './crash-points.js';

process.stdout.write(`${benchCrashPoints()}\n`);
