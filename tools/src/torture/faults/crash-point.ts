import { crashLine, type CrashAction, type CrashPoint } from '@alpes/messaging';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Site } from '../site/site.js';
import { type FaultKind, someTime, STARTING } from './fault.js';
import { signalTo } from './processes.js';

type Points = readonly [CrashPoint, ...CrashPoint[]];

const CONSUMER_POINTS: Points = ['before-commit', 'after-commit', 'received', 'handled', 'committed', 'acknowledged'];
/** Of replicas one relays, and who starts again is not the one. */
const RELAY_POINTS: Points = ['published', 'deleted'];
/** By service. Who publishes nothing but dead letters does not come to those of the relay. */
const POINTS: Readonly<Record<string, Points>> = {
  order: [...CONSUMER_POINTS, ...RELAY_POINTS],
  payment: [...CONSUMER_POINTS, ...RELAY_POINTS, 'claimed', 'charged'],
  reporting: CONSUMER_POINTS,
  'saga-log': CONSUMER_POINTS,
};

/** How long in ms a process has to start again, and to come to its crash point: another may have all of the work. */
const PATIENCE_MS = 15_000;

/** `order` of `order-2`. */
const serviceOf = (name: string): string => name.replace(/-\d+$/, '');
const namesOf = (site: Site): string[] => site.system.state().processes.map(({ name }) => name);

/** A process is started again so that it ends, or stands still, at a chosen step of its work. */
export function crashPoint(action: CrashAction): FaultKind {
  return {
    name: `crash-${action}`,
    weight: 3,
    // Whatever starts meanwhile would read the crash point too.
    uses: STARTING,
    victims: (site) => namesOf(site).filter((name) => serviceOf(name) in POINTS),
    prepare: (victim, random) => {
      const point = random.pick(POINTS[serviceOf(victim)] ?? CONSUMER_POINTS);
      const setting = `${point}:${random.between(1, 8)}:${action}`;
      const frozenMs = someTime(random, 500, 6_000);
      return {
        text: `crashes at ${setting}`,
        play: async (site) => {
          const replicas = namesOf(site).filter((name) => serviceOf(name) === serviceOf(victim));
          const armed = RELAY_POINTS.includes(point) ? replicas : [victim];
          const crashed = await firstToCome(site, armed, setting, crashLine(point, action));
          // Still armed, they might crash at any time.
          for (const name of armed) if (name !== crashed) signalTo(site, name, 'SIGKILL');
          if (crashed === undefined) return 'it did not come there';
          if (action === 'freeze') await delay(frozenMs);
          signalTo(site, crashed, 'SIGCONT');
          return undefined;
        },
      };
    },
  };
}

/** Starts them again with the crash point armed. Only a process that starts reads the file. Undefined if none comes to it. */
async function firstToCome(
  site: Site,
  names: readonly string[],
  setting: string,
  line: string,
): Promise<string | undefined> {
  const before = site.system.output().length;
  writeFileSync(site.crashPointFile, setting);
  try {
    for (const name of names) signalTo(site, name, 'SIGKILL');
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const output = site.system.output().slice(before);
      const crashed = names.find((name) => saidBy(output, name, line));
      if (crashed !== undefined) return crashed;
      if (names.every((name) => output.includes(`${name} is back`))) disarm(site, setting);
      await delay(20);
    }
    return undefined;
  } finally {
    disarm(site, setting);
  }
}

const saidBy = (output: string, name: string, line: string): boolean =>
  output.split('\n').some((text) => text.includes(line) && text.includes(`"${name}"`));

/** Another fault may have armed its own meanwhile. */
function disarm({ crashPointFile }: Site, setting: string): void {
  if (readFileSync(crashPointFile, 'utf8') === setting) writeFileSync(crashPointFile, '');
}
