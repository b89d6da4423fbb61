import { writeSync } from 'node:fs';
import { AlpesError } from './errors.js';

/**
 * The places on the way of a message at which a test may end or freeze the process. `before-commit` and `after-commit`:
 * any transaction of an outbox. `published`: the relay has rows confirmed and not deleted them; `deleted`: it has.
 * `received`: a consumer has a batch; `handled`: its handler is done, in the open transaction; `committed`: that has
 * committed, nothing is acknowledged; `acknowledged`: it is. `claimed`: a worker has taken work and begins with it;
 * `charged`: what it asked for is done and not recorded.
 */
export const CRASH_POINTS = [
  'before-commit',
  'after-commit',
  'published',
  'deleted',
  'received',
  'handled',
  'committed',
  'acknowledged',
  'claimed',
  'charged',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

/** What is done to the process: it is ended as by `kill -9`, or stands still until somebody sends SIGCONT. */
export const CRASH_ACTIONS = ['kill', 'freeze'] as const;
export type CrashAction = (typeof CRASH_ACTIONS)[number];

const SIGNALS = { kill: 'SIGKILL', freeze: 'SIGSTOP' } as const;

interface Crash {
  readonly point: CrashPoint;
  readonly action: CrashAction;
  /** Passages until then, that one included. */
  left: number;
}

let armed: Crash | undefined;

/** Says that the process has come to a crash point. Does nothing, for the price of one comparison, unless one is armed. */
export function passCrashPoint(point: CrashPoint): void {
  if (armed !== undefined) pass(armed, point);
}

/**
 * For tests: at the nth passage of a point from now on this process is killed, or frozen, once; just before it writes
 * {@link crashLine} to stderr. `setting` is `point:nth:kill` or `point:nth:freeze`; a later one replaces an earlier.
 *
 * @throws AlpesError `configuration`, with the names that there are, if it is anything else
 */
export function armCrashPoint(setting: string): void {
  armed = parse(setting);
}

/** Throws as {@link armCrashPoint} does, and arms nothing. */
export function checkCrashPoint(setting: string): void {
  parse(setting);
}

/** What a process says just before its crash. */
export function crashLine(point: CrashPoint, action: CrashAction): string {
  return `crash point ${point}: ${action}`;
}

function parse(setting: string): Crash {
  const [, name, nth, how] = /^([a-z-]+):([1-9]\d{0,8}):([a-z]+)$/.exec(setting) ?? [];
  const point = CRASH_POINTS.find((known) => known === name);
  const action = CRASH_ACTIONS.find((known) => known === how);
  if (point !== undefined && action !== undefined) return { point, action, left: Number(nth) };
  const text = `a crash point is written POINT:NTH:${CRASH_ACTIONS.join('|')}; the points are ${CRASH_POINTS.join(', ')}`;
  throw new AlpesError('configuration', text);
}

function pass(crash: Crash, point: CrashPoint): void {
  if (crash.point !== point) return;
  crash.left -= 1;
  if (crash.left > 0) return;
  armed = undefined;
  // Written at once: whatever else is on its way to a stream dies with the process.
  writeSync(process.stderr.fd, `${crashLine(point, crash.action)}\n`);
  process.kill(process.pid, SIGNALS[crash.action]);
}
