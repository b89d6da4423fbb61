import { play, untilReached } from '../../../../packages/messaging/fixtures/model/play.js';
import type { LifeFaults } from './faults.js';
import { giveCommand, perform } from './life-events.js';
import { assertEnd } from './life-end.js';
import { eventsOf, type LifeScript, SEATS } from './script.js';
import type { LifeTheatre } from './theatre.js';
import type { Turn } from './turns.js';
import { enterWorker } from './workers.js';
import { type LifeWorld, openLifeWorld } from './world.js';

/** Plays a schedule with services that are as they should be, or have a fault. */
export async function playLifeScript(theatre: LifeTheatre, script: LifeScript, faults: LifeFaults = {}): Promise<void> {
  theatre.clear();
  const world = openLifeWorld(theatre, script, faults);
  for (let seat = 0; seat < SEATS; seat += 1) enterWorker(world, seat);
  for (const orderId of world.orderIds) giveCommand(world, orderId);
  await play(eventsOf(script), {
    ...{ stage: { story: world.story, settle: theatre.settle }, problems: world.model.problems },
    perform: async (event) => {
      await perform(world, event);
      world.model.booked(world.books);
    },
    rest: () => rest(world, script),
    close: () => Promise.resolve(),
  });
}

/** All troubles are over: first for all but the frozen worker, then for that too. */
async function rest(world: LifeWorld, { frozen }: LifeScript): Promise<void> {
  world.gatewayIsDown = false;
  if (frozen !== null) {
    const sleeper = world.workers[frozen];
    world.story.push(`all but ${sleeper?.name} come to rest`);
    await untilAtRest(world, ({ who }) => who !== sleeper, frozen);
  }
  world.story.push('all come to rest');
  await untilAtRest(world, () => true, null);
  world.model.booked(world.books);
  assertEnd(world);
}

async function untilAtRest(world: LifeWorld, takesPart: (turn: Turn) => boolean, frozen: number | null): Promise<void> {
  const moving = (): readonly Turn[] => world.turns.all().filter(takesPart);
  const round = async (): Promise<void> => {
    // For retries, leases, and what was dropped.
    world.theatre.pass(10_000);
    await world.theatre.settle();
    for (let topic = 0; topic < world.lines.length; topic += 1)
      await perform(world, { do: 'handle messages', ...{ topic, from: 0, many: 10, how: 'works' } });
    for (let who = 0; who < SEATS; who += 1)
      if (who !== frozen) await perform(world, { do: 'claim', ...{ who, limit: 10, how: 'works' } });
    await world.theatre.settle();
    // A request, its answer, and its record.
    for (let steps = 0; steps < 3; steps += 1) await letGo(world, moving());
  };
  const isAtRest = (): boolean => moving().length === 0 && world.dropped === 0 && isDone(world);
  await untilReached(isAtRest, round, () => progressOf(world, moving().length));
}

async function letGo(world: LifeWorld, turns: readonly Turn[]): Promise<void> {
  for (const turn of turns) {
    await perform(world, { do: 'go on', which: world.turns.all().indexOf(turn), how: 'works' });
    await world.theatre.settle();
  }
}

function isDone({ lines, given, orders }: LifeWorld): boolean {
  if (lines.some(({ waiting }) => waiting.length > 0)) return false;
  return [...given.keys()].every((id) => (orders.database.rows().get(id)?.status ?? 'PENDING') !== 'PENDING');
}

function progressOf({ lines, dropped, orders, nameOf }: LifeWorld, moving: number): string {
  const waiting = lines.map((line) => `${line.waiting.length} in ${line.topic}`);
  const states = [...orders.database.rows().values()].map(({ id, status }) => `${nameOf(id)} ${status}`);
  return [...states, ...waiting, `${dropped} dropped`, `${moving} calls under way`].join(', ');
}
