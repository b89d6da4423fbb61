import { catalogue, CrearOrdenSchema } from '@alpes/contracts';
import { AlpesError } from '@alpes/messaging';
import { chosen } from '../../../../packages/messaging/fixtures/model/steps.js';
import { type Handling, type LifeEvent, SEATS } from './script.js';
import type { Message, Topic } from './topics.js';
import type { How, Turn } from './turns.js';
import { killWorker, stopWorker } from './workers.js';
import type { Line, LifeWorld } from './world.js';

/** After so many ms the broker gives a message again that did not arrive. */
const REDELIVERY_MS = 5_000;

/** What an event of a script does. */
export async function perform(world: LifeWorld, event: LifeEvent): Promise<void> {
  const line = 'topic' in event ? chosen(world.lines, event.topic) : undefined;
  const busyLine = 'topic' in event ? chosen(world.lines.filter(isBusy), event.topic) : undefined;
  switch (event.do) {
    case 'ask again':
      world.theatre.saw('an order was asked for again, with other lines');
      return giveCommand(world, chosen(world.orderIds, event.order));
    case 'handle messages':
      return busyLine && handle(world, busyLine, event);
    case 'publish again':
      return line && publishAgain(world, line, event.which);
    case 'drop a message':
      return busyLine && drop(world, busyLine, event.which);
    case 'forget an inbox':
      world.story.push(`the inbox of ${line?.topic} forgets all`);
      return line?.forgetInbox();
    case 'claim':
      return claim(world, event);
    case 'go on':
      return goOn(world, chosen(world.turns.all(), event.which), event.how);
    case 'kill a worker':
      return killWorker(world, event.who % SEATS);
    case 'stop a worker':
      return stopWorker(world, event.who % SEATS);
    case 'turn the gateway':
      world.story.push(`the gateway is ${event.isDown ? 'down' : 'up'}`);
      world.gatewayIsDown = event.isDown;
      return;
    case 'let time pass':
      world.story.push(`${event.ms} ms pass`);
      return world.theatre.pass(event.ms);
  }
}

function isBusy({ waiting }: Topic): boolean {
  return waiting.length > 0;
}

/** The first command of an order has its id; later ones are others, which ask for more. */
export function giveCommand({ story, given, lines, nameOf }: LifeWorld, orderId: string | undefined): void {
  if (orderId === undefined) return;
  const times = (given.get(orderId) ?? 0) + 1;
  given.set(orderId, times);
  const lamp = { sku: 'A-1', name: 'Lamp', quantity: BigInt(times), unitPrice: 1000n };
  const body = { orderId, clientId: 7n, address: 'Calle 1', currency: 'EUR', lines: [lamp] };
  const id = times === 1 ? orderId : orderId.replace('-8000-', `-8${String(times).padStart(3, '0')}-`);
  const cause = { id: 'a request', correlationId: orderId, traceparent: '' };
  const message = catalogue.compose(CrearOrdenSchema, body, { source: 'bff', cause, id, time: new Date() });
  story.push(`${nameOf(orderId)} is asked for, of ${times}`);
  lines.find(({ topic }) => topic === message.topic)?.publish(message);
}

async function handle(world: LifeWorld, line: Line, { from, many, how }: Omit<Handling, 'topic'>): Promise<void> {
  const { theatre, story, model, faults } = world;
  const first = from % line.waiting.length;
  const messages = line.waiting.slice(first, first + many);
  const overtaken = line.waiting.slice(0, first);
  if (overtaken.length > 0) theatre.saw('a message overtook an older one');
  if (overtaken.some(({ key }) => messages.some((message) => message.key === key)))
    theatre.saw('a message overtook an older one of its key');
  if (messages.length > 1) theatre.saw('messages were handled together');
  const names = messages.map(({ name }) => name).join(', ');
  story.push(`${names}: handled${telling(how)}`);
  if (faults.acknowledgesAtOnce) acknowledge(line, messages);
  try {
    await line.transact(messages, how);
    acknowledge(line, messages);
  } catch (thrown) {
    theatre.saw(how === 'fails' ? 'a transaction was rolled back' : 'the answer of a commit was lost');
    const error = AlpesError.from(thrown);
    if (error.nature !== 'transient') model.problems.push(`${names} died: ${error.message}`);
  }
}

function acknowledge(line: Topic, messages: readonly Message[]): void {
  line.waiting = line.waiting.filter((message) => !messages.includes(message));
}

function publishAgain({ story }: LifeWorld, line: Line, which: number): void {
  const message = chosen(line.published, which);
  if (message === undefined) return;
  story.push(`${message.name} comes again`);
  line.waiting = [...line.waiting, { ...message }];
}

function drop(world: LifeWorld, line: Line, which: number): void {
  const message = chosen(line.waiting, which);
  if (message === undefined) return;
  world.story.push(`${message.name} is dropped`);
  acknowledge(line, [message]);
  world.dropped += 1;
  setTimeout(() => {
    world.dropped -= 1;
    world.theatre.saw('a message was dropped and came later');
    line.waiting = [...line.waiting, message];
  }, REDELIVERY_MS);
}

function claim({ story, workers }: LifeWorld, { who, limit, how }: { who: number; limit: number; how: How }) {
  const worker = workers[who % SEATS];
  story.push(`${worker?.name} claims ${limit}${telling(how)}`);
  return worker?.claim(limit, how);
}

function goOn({ theatre, story, turns, gatewayIsDown, orderIds, nameOf }: LifeWorld, turn: Turn | undefined, how: How) {
  if (turn === undefined) return;
  if (turn.step === 'request' && how !== 'fails' && gatewayIsDown) theatre.saw('the gateway was down');
  const orders = orderIds
    .filter((id) => turn.orderId.includes(id))
    .map(nameOf)
    .join(', ');
  story.push(`${turn.who.name}: ${turn.step} of ${orders}${telling(how)}`);
  turns.go(turn, how);
}

function telling(how: How): string {
  return how === 'works' ? '' : ` ${how}`;
}
