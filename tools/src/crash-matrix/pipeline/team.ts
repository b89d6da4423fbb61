import type { ControlName } from '../controls/names.js';
import { type Finding, finding } from '../findings.js';
import type { Pool, Subject } from '../processes/subject.js';
import { crashOf, type Scenario, type Stage } from '../scenario.js';
import type { Orders } from '../subject/protocol.js';
import { createRoster } from './roster.js';
import type { Site } from './site.js';

/** The processes of one run. */
export interface Team {
  /** Who is to crash; of one that dies of poison before, its heir. */
  victim(): Subject;
  /** Whether it is the victim, frozen. */
  standsStill(subject: Subject): boolean;
  /** Lets the victim go on. */
  thaw(): void;
  /** Those of a stage that work: neither dead, nor stopped, nor standing still. */
  working(stage: Stage): readonly Subject[];
  /** Starts one more. */
  add(stage: Stage): Promise<void>;
  /** Starts one if none works. */
  ensure(stage: Stage): Promise<void>;
  /** Stops one in good order. */
  stop(subject: Subject): Promise<void>;
  /** How many have died. */
  deaths(): number;
  /** What went wrong with processes. */
  findings(): readonly Finding[];
  /** What all of them wrote. */
  log(): readonly string[];
  /** Ends those that still run, as hard as need be. */
  close(): void;
}

export interface TeamOptions {
  readonly pool: Pool;
  readonly site: Site;
  readonly scenario: Scenario;
  readonly stage: Stage;
  readonly triesFile: string;
  readonly control: ControlName | undefined;
}

/** Starts the victim, alone, and the other stage. Who dies of poison is replaced, by a victim if it was one. */
export async function startTeam(options: TeamOptions): Promise<Team> {
  const { pool, scenario, stage: victimStage } = options;
  const roster = createRoster(pool);
  const findings: Finding[] = [];
  const state = { deaths: 0, closed: false, thawed: false };
  const standsStill = (subject: Subject): boolean => subject.hasCrashed() && !subject.hasEnded() && !state.thawed;
  const working = (stage: Stage): Subject[] => roster.of(stage).filter((subject) => !standsStill(subject));

  const victims: Subject[] = [];
  const start = async (stage: Stage, crash?: string): Promise<Subject> => {
    const subject = await pool.take();
    roster.add(subject, stage);
    if (crash !== undefined) victims.push(subject);
    void subject.ended.then((how) => {
      state.deaths += 1;
      return state.closed ? undefined : replace(subject, stage, how);
    });
    await subject.start(ordersOf(options, stage, crash));
    return subject;
  };
  const ensure = async (stage: Stage): Promise<void> => {
    if (working(stage).length === 0) await start(stage);
  };
  const crash = crashOf(scenario);
  const replace = async (subject: Subject, stage: Stage, how: string): Promise<void> => {
    if (subject.hasCrashed() && scenario.action === 'kill') return;
    if (how !== 'SIGKILL' || scenario.poison.every(({ kind }) => kind !== 'kills')) {
      findings.push(finding('unsettled', `a process of ${stage} ended by itself: ${how}`));
    } else if (victims.includes(subject) && !subject.hasCrashed()) await start(stage, crash);
    else await ensure(stage);
  };

  const others = start(victimStage === 'source' ? 'sink' : 'source');
  const first = await start(victimStage, crash);
  const victim = (): Subject => victims.at(-1) ?? first;
  await others;
  return {
    ...{ victim, standsStill, working, ensure, log: roster.log },
    ...{ deaths: () => state.deaths, findings: () => findings },
    thaw: () => {
      state.thawed = true;
      victim().kill('SIGCONT');
    },
    add: async (stage) => void (await start(stage)),
    stop: async (subject) => void findings.push(...(await roster.stop(subject))),
    close: () => {
      state.closed = true;
      roster.close();
    },
  };
}

function ordersOf({ site, scenario, triesFile, control }: TeamOptions, stage: Stage, crash?: string): Orders {
  const { batchSize, maxAttempts } = scenario;
  return {
    ...{ stage, batchSize, maxAttempts, triesFile },
    ...{ databaseUrl: site.urls[stage], broker: site.broker.env },
    ...(crash !== undefined && { crash }),
    ...(control !== undefined && { control }),
  };
}
