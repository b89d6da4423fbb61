import { type Finding, finding } from '../findings.js';
import type { Pool, Subject } from '../processes/subject.js';
import { STAGES, type Stage } from '../scenario.js';

/** Which process is which stage. */
export interface Roster {
  add(subject: Subject, stage: Stage): void;
  /** Those of a stage that are neither dead nor stopped. */
  of(stage: Stage): readonly Subject[];
  /** Stops one in good order. */
  stop(subject: Subject): Promise<readonly Finding[]>;
  /** What all of them wrote. */
  log(): readonly string[];
  /** Gives those back that have stopped in good order, and ends the others as hard as need be. */
  close(): void;
}

/** Longest time in ms that a process may take to stop. */
const STOP_MS = 20_000;

export function createRoster(pool: Pool): Roster {
  const stages = new Map<Subject, Stage>();
  const stopped = new Set<Subject>();
  return {
    add: (subject, stage) => void stages.set(subject, stage),
    of: (stage) =>
      [...stages]
        .filter(([subject, its]) => its === stage && !stopped.has(subject) && !subject.hasEnded())
        .map(([subject]) => subject),
    stop: async (subject) => {
      if (stopped.has(subject)) return [];
      stopped.add(subject);
      if (await inTime(subject.stop(), STOP_MS)) return [];
      stopped.delete(subject);
      return [finding('unsettled', `a process of ${stages.get(subject)} did not stop`)];
    },
    log: () =>
      STAGES.flatMap((stage) =>
        [...stages]
          .filter(([, its]) => its === stage)
          .flatMap(([subject]) => subject.log().map((line) => `${stage}: ${line}`)),
      ),
    close: () => {
      for (const subject of stages.keys()) {
        if (stopped.has(subject) && !subject.hasEnded()) pool.giveBack(subject);
        else subject.kill('SIGKILL');
      }
    },
  };
}

/** Whether it was done in time. */
async function inTime(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
