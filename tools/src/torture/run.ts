import { setTimeout as delay } from 'node:timers/promises';
import { isReady } from '../start/health.js';
import type { Planned, Step } from './plan.js';
import type { Site } from './site/site.js';
import type { Tracker } from './tracker.js';

/** What was done, and when; times in ms since the beginning. */
export interface Played {
  readonly kind: string;
  readonly victim: string;
  readonly text: string;
  readonly note: string | undefined;
  readonly beganAt: number;
  readonly endedAt: number;
  /**
   * From its end until every process is ready, every order accepted until then is finished, and a later one too. Undefined where
   * another fault came at the same time.
   */
  readonly recoveryMs: number | undefined;
}

export interface RunOptions {
  readonly site: Site;
  readonly steps: readonly Step[];
  readonly tracker: Tracker;
  /** When it is over, in ms since the beginning. */
  readonly until: number;
  /** Told of each fault. */
  readonly say: (text: string) => void;
}

/** A system that has not recovered after this time never will. */
const PATIENCE_MS = 240_000;
const LOOK_MS = 50;

/** The system did not come back: there is no sense in going on. */
export class NotRecovered extends Error {}

/** Plays step after step; each when the system has recovered from the one before. */
export async function runFaults(options: RunOptions, played: Played[]): Promise<void> {
  const { steps, tracker, until } = options;
  for (const step of steps) {
    if (tracker.now() >= until) return;
    played.push(...(await playStep(step, options)));
    await delay(step.restMs);
  }
}

async function playStep({ faults }: Step, { site, tracker, say }: RunOptions): Promise<Played[]> {
  const done = await Promise.all(faults.map((fault) => play(fault, site, tracker)));
  const endedAt = Math.max(...done.map((one) => one.endedAt));
  const recovered = await untilRecovered(site, tracker, endedAt);
  const played = done.map((one) => ({ ...one, recoveryMs: done.length === 1 ? recovered : undefined }));
  for (const { endedAt: at, kind, victim, text, note } of played) {
    const recovery = `recovered after ${(recovered / 1_000).toFixed(1)} s`;
    say(`${seconds(at)}  ${kind}: ${victim} ${text}${note === undefined ? '' : ` (${note})`}; ${recovery}`);
  }
  return played;
}

async function play({ kind, victim, text, play: act }: Planned, site: Site, tracker: Tracker) {
  const beganAt = tracker.now();
  const note = await act(site);
  return { kind, victim, text, note, beganAt, endedAt: tracker.now() };
}

/** Resolves to how long it took since then, in ms. */
export async function untilRecovered(site: Site, tracker: Tracker, since: number): Promise<number> {
  for (;;) {
    const unready = await unreadyOf(site);
    if (tracker.isThrough(since) && unready.length === 0) return tracker.now() - since;
    if (tracker.now() - since > PATIENCE_MS) {
      const open = `${tracker.samples.at(-1)?.open ?? 0} orders are under way, not ready: ${unready.join(', ') || 'nobody'}`;
      throw new NotRecovered(`the system has not recovered within ${PATIENCE_MS / 1_000} s: ${open}`);
    }
    await delay(LOOK_MS);
  }
}

async function unreadyOf(site: Site): Promise<string[]> {
  const { processes } = site.system.state();
  const asked = processes.map(async ({ name, port }) => ((await isReady(`http://127.0.0.1:${port}`)) ? [] : [name]));
  return (await Promise.all(asked)).flat();
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1).padStart(7)} s`;
