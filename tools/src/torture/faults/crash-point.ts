import { crashLine, type CrashAction, type CrashPoint } from '@alpes/messaging';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Site } from '../site/site.js';
import { type FaultKind, someTime, STARTING } from './fault.js';
import { signalTo } from './processes.js';

const POINTS: readonly [CrashPoint, ...CrashPoint[]] = [
  ...(['before-commit', 'after-commit', 'published', 'deleted'] as const),
  ...(['received', 'handled', 'committed', 'acknowledged'] as const),
];
const WORKER_POINTS: readonly [CrashPoint, ...CrashPoint[]] = [...POINTS, 'claimed', 'charged'];

/** How long in ms a process has to start again, and to come to its crash point: another may have all of the work. */
const PATIENCE_MS = 15_000;

/** A process is started again so that it ends, or stands still, at a chosen step of its work. */
export function crashPoint(action: CrashAction): FaultKind {
  return {
    name: `crash-${action}`,
    weight: 3,
    // Whatever starts meanwhile would read the crash point too.
    uses: STARTING,
    victims: (site) =>
      site.system
        .state()
        .processes.map(({ name }) => name)
        .filter((name) => /^(order|payment|reporting|saga-log)/.test(name)),
    prepare: (victim, random) => {
      const points = victim.startsWith('payment') ? WORKER_POINTS : POINTS;
      const point = random.pick(points);
      const setting = `${point}:${random.between(1, 8)}:${action}`;
      const frozenMs = someTime(random, 500, 6_000);
      return {
        text: `crashes at ${setting}`,
        play: async (site) => {
          if (!(await comesTo(site, victim, setting, crashLine(point, action)))) {
            // Still armed, it might crash at any time.
            signalTo(site, victim, 'SIGKILL');
            return 'it did not come there';
          }
          if (action === 'freeze') await delay(frozenMs);
          signalTo(site, victim, 'SIGCONT');
          return undefined;
        },
      };
    },
  };
}

/** Starts it again with the crash point armed. Only a process that starts reads the file. */
async function comesTo(site: Site, victim: string, setting: string, line: string): Promise<boolean> {
  const before = site.system.output().length;
  writeFileSync(site.crashPointFile, setting);
  try {
    signalTo(site, victim, 'SIGKILL');
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      if (saidBy(site.system.output().slice(before), victim, line)) return true;
      if (isUp(site, victim, before)) disarm(site, setting);
      await delay(20);
    }
    return false;
  } finally {
    disarm(site, setting);
  }
}

const saidBy = (output: string, name: string, line: string): boolean =>
  output.split('\n').some((text) => text.includes(line) && text.includes(`"${name}"`));

/** It has read its settings by then. */
const isUp = (site: Site, name: string, from: number): boolean =>
  site.system.output().slice(from).includes(`${name} is back`);

/** Another fault may have armed its own meanwhile. */
function disarm({ crashPointFile }: Site, setting: string): void {
  if (readFileSync(crashPointFile, 'utf8') === setting) writeFileSync(crashPointFile, '');
}
