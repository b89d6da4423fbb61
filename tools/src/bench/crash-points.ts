import { CRASH_POINTS, passCrashPoint } from '@alpes/messaging';
import { nanosecondsOf } from './measure.js';

const COUNT = 50_000_000;

/** The most that one message passes: alone in every batch, with a relay, a consumer and a worker, two transactions. */
const PASSAGES = CRASH_POINTS.length + 2;

/** CPU of one order in ns, by the fastest way that was measured: inbox, order and outbox row, 500 in a transaction. */
const CPU_PER_MESSAGE = 16_000;

/** What crash points cost when none is armed, which is how production runs. */
export function benchCrashPoints(): string {
  const { empty, passing } = nanosecondsOf(COUNT, {
    empty: (count) => {
      let sum = 0;
      for (let index = 0; index < count; index += 1) sum = (sum + index) | 0;
      return sum;
    },
    passing: (count) => {
      let sum = 0;
      for (let index = 0; index < count; index += 1) {
        passCrashPoint('published');
        sum = (sum + index) | 0;
      }
      return sum;
    },
  });
  const each = Math.max(0, passing - empty);
  const share = (100 * PASSAGES * each) / CPU_PER_MESSAGE;
  return [
    'crash points, none armed',
    `  empty loop          ${empty.toFixed(2)} ns`,
    `  with a passage      ${passing.toFixed(2)} ns`,
    `  a passage           ${each.toFixed(2)} ns`,
    `  of a message's CPU  ${share.toFixed(4)} % (${PASSAGES} passages at most, of ${CPU_PER_MESSAGE / 1_000} µs)`,
  ].join('\n');
}
