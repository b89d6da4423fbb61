import { catalogue, OrdenCreadaSchema } from '@alpes/contracts';
import { childTraceparent, type TransportMessage } from '@alpes/messaging';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { programOf, root } from '../../start/system.js';
import { type Brokers, killBroker } from '../brokers/brokers.js';
import { type Finding, finding } from '../findings.js';
import type { Outcome, Workshop } from '../outcome.js';
import { type Child, startChild } from '../processes/child.js';
import { createRandom } from '../../random.js';
import { crashOf, type Scenario } from '../scenario.js';
import { type Look, untilSettled } from '../settle.js';
import { judge, type Orders } from './judge.js';
import { openSite, type Site } from './site.js';

const PROGRAM = join(root, programOf('payment'));
/** Waves until the crash: after some, the victim is left alone, so that whatever comes next comes to it. */
const WAVES = { beside: 12, most: 60 };
const TOPIC = catalogue.contractOf(OrdenCreadaSchema).topic;

interface Run {
  readonly site: Site;
  readonly scenario: Scenario;
  readonly brokers: Brokers;
  readonly members: Child[];
  /** Publishes some more orders. */
  wave(): Promise<void>;
}

/** Runs the payment service, has it killed or frozen, or its broker killed, and judges what was charged and said. */
export async function runPayment(scenario: Scenario, workshop: Workshop): Promise<Outcome> {
  const site = await openSite(workshop, scenario);
  const orders: Orders = new Map();
  const members: Child[] = [];
  try {
    const problems = await endure({
      site,
      scenario,
      brokers: workshop.brokers,
      members,
      wave: feed(site, scenario, orders),
    });
    return {
      ...{ crashed: members[0]?.hasCrashed() ?? false, messages: orders.size },
      log: members.flatMap((member) => member.log()),
      findings: [...problems, ...(await judge(site, orders))],
    };
  } finally {
    for (const member of members) member.kill('SIGKILL');
    await site.close();
  }
}

async function endure(run: Run): Promise<readonly Finding[]> {
  const { scenario, wave } = run;
  const { action } = scenario;
  const victim = await start(run, { CRASH_POINT: crashOf(scenario) });
  if (scenario.successor === 'there') await start(run);
  const problems = await workUntilCrash(run, victim);
  if (problems.length > 0) return problems;
  if (action === 'broker') await killBroker(run.brokers, () => victim.kill('SIGCONT'), wave);
  else if (othersOf(run, victim).length === 0) await start(run);
  await wave();
  if (!(await settled(run))) return [finding('unsettled', 'the others did not end the work of the victim')];
  if (action === 'freeze') {
    victim.kill('SIGCONT');
    await wave();
    if (!(await settled(run))) return [finding('unsettled', 'the work did not end after the thaw')];
    const stopping = await stop(victim);
    if (stopping.length > 0) return stopping;
    if (!(await settled(run))) return [finding('unsettled', 'the work did not end after the zombie')];
  }
  return stopAll(alive(run));
}

async function workUntilCrash(run: Run, victim: Child): Promise<readonly Finding[]> {
  const { scenario, wave } = run;
  for (let count = 0; count < WAVES.most && !victim.hasCrashed(); count += 1) {
    const problems = count === WAVES.beside ? await stopAll(othersOf(run, victim)) : [];
    if (problems.length > 0) return problems;
    await wave();
    // The next when most of this one is done.
    await untilSettled(
      async () => (victim.hasCrashed() ? { left: 0, moves: [] } : lookAround(run, scenario.waveSize / 2)),
      stallOf(run),
    );
  }
  return victim.hasCrashed() ? [] : [finding('unsettled', 'the victim never came to its crash point')];
}

/** Those that live, but for the victim. */
function othersOf(run: Run, victim: Child): Child[] {
  return alive(run).filter((member) => member !== victim);
}

function alive({ members }: Run): Child[] {
  return members.filter((member) => !member.hasEnded());
}

async function stopAll(members: readonly Child[]): Promise<Finding[]> {
  return (await Promise.all(members.map(stop))).flat();
}

/** Resolves when it is ready, or has ended. */
async function start({ site, members }: Run, env: NodeJS.ProcessEnv = {}): Promise<Child> {
  const child = startChild(PROGRAM, { ...site.env, ...env });
  members.push(child);
  const ready = new Promise<void>((resolve) => child.onReport(() => resolve()));
  await Promise.race([ready, child.ended]);
  return child;
}

async function stop(child: Child): Promise<Finding[]> {
  child.kill('SIGTERM');
  const how = await child.ended;
  return how === '0' ? [] : [finding('unsettled', `a process of payment ended with ${how}`)];
}

function feed(site: Site, { point, action, seed, waveSize, duplicates }: Scenario, orders: Orders) {
  const random = createRandom('orders', point, action, seed);
  const sent: TransportMessage[] = [];
  return async (): Promise<void> => {
    const fresh = Array.from({ length: waveSize }, () => ordenCreada(randomUUID(), random.between(100, 100_000)));
    sent.push(...fresh);
    const again = duplicates ? sent.filter(() => random.chance(0.1)) : [];
    const results = await site.transport.publish([...fresh, ...again]);
    fresh.forEach(({ key }, index) => orders.set(key, results[index] === undefined ? 'must' : 'may'));
  };
}

function ordenCreada(orderId: string, total: number): TransportMessage {
  const body = {
    ...{ orderId, version: 1n, clientId: 7n, address: 'Rúa Nova 5', currency: 'EUR', total: BigInt(total) },
    lines: [{ sku: 'MUG-7', name: 'Mug', quantity: 1n, unitPrice: BigInt(total) }],
  };
  const cause = { id: orderId, correlationId: orderId, traceparent: childTraceparent() };
  return catalogue.compose(OrdenCreadaSchema, body, { source: 'order', cause, aggregateVersion: 1 });
}

const COUNTS = `
  SELECT (SELECT count(*)::int FROM messaging.outbox) AS outbox, count(*)::int AS rows,
         count(*) FILTER (WHERE state = 'PENDING')::int AS pending
  FROM transactions`;

const stallOf = ({ brokers, scenario }: Run): number => brokers.stallMs(scenario.action);

function settled(run: Run): Promise<boolean> {
  return untilSettled(() => lookAround(run), stallOf(run));
}

async function lookAround({ site }: Run, tolerated = 0): Promise<Look> {
  const backlog = await site.transport.backlog(TOPIC, 'payment');
  const { rows: found } = await site.payment.query<{ outbox: number; pending: number; rows: number }>(COUNTS);
  const { outbox, pending, rows } = found[0] ?? { outbox: 1, pending: 1, rows: 0 };
  return { left: Math.max(0, backlog + pending + outbox - tolerated), moves: [backlog, pending, outbox, rows] };
}
