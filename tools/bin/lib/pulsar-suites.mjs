import { say } from './progress.mjs';
import { runSuite } from './suites.mjs';

/** Transports, topics, and whole systems over ws://. All tests of a suite share one broker, and have it one at a time. */
const overWebSocket = { options: ['--selectProjects', 'pulsar', 'e2e-pulsar', '--runInBand'] };
/** Whole systems once more. */
const overBinary = {
  options: ['--selectProjects', 'e2e-pulsar', '--runInBand'],
  env: { TEST_PULSAR_PROTOCOL: 'binary' },
};

/** What is run where there is not the time for all: each transport and command by itself, an order's way, crashes, outages. */
export const pulsarSample = ['pulsar\\.spec', 'e2e/(order-flow|broker-outage|replicas)\\.'];

/**
 * Runs the tests that need a real Pulsar, which is fetched and started for them, over ws:// and, where its add-on loads,
 * over pulsar://, and prints which ran. Where Pulsar can't run it says so, and there are no results.
 *
 * @param {readonly string[]} [args] for Jest
 */
export async function runPulsarSuites(args = []) {
  const { needPulsar } = await import('../../dist/pulsar/distribution.js');
  try {
    needPulsar(process.env);
  } catch (error) {
    say(`Not run: the tests on a real Pulsar. ${error.message}`);
    return [];
  }
  const { loadPulsarClient } = await import('../../../packages/messaging/dist/transports/pulsar-binary/native.js');
  const absent = await loadPulsarClient().then(
    () => undefined,
    (error) => error.message,
  );
  say(
    `The tests on a real Pulsar run over ws://, ${absent === undefined ? 'and over pulsar://' : `but not over pulsar://: ${absent}`}.`,
  );
  const results = [await runSuite(overWebSocket, args)];
  if (absent === undefined) results.push(await runSuite(overBinary, args));
  return results;
}
