import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, finding } from '../findings.js';
import { type Brokers, killBroker } from '../brokers/brokers.js';
import type { Outcome, Workshop } from '../outcome.js';
import type { Scenario, Stage } from '../scenario.js';
import { type Look, untilSettled } from '../settle.js';
import { STALL_MS } from '../timing.js';
import { collect, inputOf } from './evidence.js';
import { createFeed, type Feed } from './feed.js';
import { judge } from './judge.js';
import { openSite, type Site } from './site.js';
import { startTeam, type Team } from './team.js';

/** Waves until the crash: after some, the victim is left alone, so that whatever comes next comes to it. */
const WAVES = { beside: 12, most: 60 };

interface Run {
  readonly site: Site;
  readonly team: Team;
  readonly feed: Feed;
  readonly scenario: Scenario;
  readonly stage: Stage;
  readonly brokers: Brokers;
}

/** Runs the pipeline, has its victim or its broker killed, or its victim frozen, and judges what comes of it all. */
export async function runPipeline(scenario: Scenario, stage: Stage, workshop: Workshop): Promise<Outcome> {
  const { pool, folder, control, brokers } = workshop;
  const triesFile = join(folder, `tries-${scenario.point}-${scenario.action}-${scenario.seed}`);
  const site = await openSite(workshop, scenario);
  const team = await startTeam({ pool, site, scenario, stage, triesFile, control });
  try {
    const feed = createFeed(site, team, scenario);
    const problems = await endure({ site, team, feed, scenario, stage, brokers });
    const evidence = await collect({ ...site.clients, transport: site.broker.transport, triesFile });
    const interruptions = team.deaths() + (scenario.action === 'kill' ? 0 : 1);
    const limits = { maxAttempts: scenario.maxAttempts, interruptions };
    return {
      ...{ crashed: team.victim().hasCrashed(), messages: feed.asked().length, log: team.log() },
      findings: [...problems, ...team.findings(), ...judge(feed.asked(), evidence, limits)],
    };
  } finally {
    team.close();
    rmSync(triesFile, { force: true });
    await site.close();
  }
}

/** The whole story: work, crash, recovery, the zombie's return, the end. What does not settle ends it early. */
async function endure(run: Run): Promise<readonly Finding[]> {
  const { team, feed, scenario, stage } = run;
  await untilRelaying(run);
  if (!(await workUntilCrash(run))) return [finding('unsettled', 'the victim never came to its crash point')];
  if (scenario.action === 'broker') await killBroker(run.brokers, team.thaw, feed.wave);
  await team.ensure(stage);
  if (scenario.lateTransaction) feed.beginLate();
  for (let wave = 0; wave < 2; wave += 1) await feed.wave();
  if (!(await settled(run))) return [finding('unsettled', 'the others did not end the work of the victim')];
  if (scenario.action === 'freeze') {
    team.thaw();
    await feed.wave();
    await team.victim().answer();
    if (!(await settled(run))) return [finding('unsettled', 'the work did not end after the thaw')];
    await team.stop(team.victim());
    if (!(await settled(run))) return [finding('unsettled', 'the work did not end after the zombie')];
  }
  for (const one of ['source', 'sink'] as const) {
    await Promise.all(team.working(one).map((subject) => team.stop(subject)));
  }
  return [];
}

/** The victim is the one that relays, before anybody else comes. A control may leave no trace of that. */
async function untilRelaying({ site, stage }: Run): Promise<void> {
  const look = async (): Promise<Look> => {
    const { rowCount } = await site.clients[stage].query('SELECT FROM messaging.lease');
    return { left: rowCount === 0 ? 1 : 0, moves: [] };
  };
  await untilSettled(look, STALL_MS.control);
}

async function workUntilCrash(run: Run): Promise<boolean> {
  const { team, feed, scenario, stage, brokers } = run;
  const stallMs = brokers.stallMs(scenario.action);
  const calm: Look = { left: 0, moves: [] };
  if (scenario.successor === 'there') await team.add(stage);
  for (let wave = 0; wave < WAVES.most && !team.victim().hasCrashed(); wave += 1) {
    if (wave === WAVES.beside) await leaveAlone(team, stage);
    await feed.wave();
    // The next when most of this one is done: more than can be done would prove nothing more.
    const look = (): Promise<Look> => lookAround(run, scenario.waveSize / 2);
    if (!(await untilSettled(async () => (team.victim().hasCrashed() ? calm : look()), stallMs))) break;
  }
  return team.victim().hasCrashed();
}

async function leaveAlone(team: Team, stage: Stage): Promise<void> {
  const others = team.working(stage).filter((subject) => subject !== team.victim());
  await Promise.all(others.map((subject) => team.stop(subject)));
}

function settled(run: Run): Promise<boolean> {
  return untilSettled(() => lookAround(run), run.brokers.stallMs(run.scenario.action));
}

/** Looks down the pipeline: what has left one place is at the next when that is looked at. */
async function lookAround({ site, team, feed }: Run, tolerated = 0): Promise<Look> {
  const pending = feed.pending();
  const left: number[] = [];
  const rows: number[] = [];
  for (const stage of ['source', 'sink'] as const) {
    left.push(await site.broker.transport.backlog(inputOf(stage), stage));
    const { rows: found } = await site.clients[stage].query<{ outbox: number; rows: number }>(COUNTS[stage]);
    left.push(found[0]?.outbox ?? 0);
    rows.push(found[0]?.rows ?? 0);
  }
  const sum = left.reduce((total, count) => total + count, pending);
  return { left: Math.max(0, sum - tolerated), moves: [...left, ...rows, team.deaths()] };
}

const COUNTS: Readonly<Record<Stage, string>> = {
  source: `SELECT (SELECT count(*)::int FROM messaging.outbox) AS outbox, (SELECT count(*)::int FROM entries) AS rows`,
  sink: `SELECT (SELECT count(*)::int FROM messaging.outbox) AS outbox, (SELECT count(*)::int FROM arrivals) AS rows`,
};
