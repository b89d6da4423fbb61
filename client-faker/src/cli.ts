import { runFaker } from './run-faker.js';

const controller = new AbortController();
process.once('SIGINT', () => {
  // The second Ctrl-C ends the process at once.
  controller.abort();
});
const { argv, env, stdout, stderr } = process;
process.exitCode = await runFaker(argv.slice(2), { env, stdout, stderr, signal: controller.signal });
