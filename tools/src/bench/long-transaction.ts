import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { catalogue, OrdenActualizadaSchema } from '@alpes/contracts';
import { connectTransport, type Transport } from '@alpes/messaging';
import { cpuOf, used } from './cpu.js';
import { type Feed, startFeed } from './feed.js';
import { holdTransaction } from './hold.js';
import { type Rig, startRig } from './rig.js';
import { WrongArguments } from '../command-line.js';
import { using } from './using.js';

const usage = `Usage: npm run bench -- long-transaction [--service order|payment] [--rate N] [--seconds S] [--baseline S]

  Orders come in at a steady rate; then a transaction that has put a message into the outbox is held open in the database
  of a service. Exit code 0 if throughput stays at 90 % or more.

  --service NAME   in whose database the transaction is held open (default order)
  --rate N         orders a second (default 300)
  --seconds S      how long it is held open (default 180)
  --baseline S     how long to measure before that (default 60)
`;

/** Least share of the throughput that has to be left. */
const leastShare = 0.9;
const warmUpSeconds = 10;
/** A line is printed for each so many seconds. */
const sliceSeconds = 30;
/** How often somebody looks after the services. */
const probeMs = 10_000;
const services = ['order', 'payment'] as const;

interface Settings {
  readonly service: (typeof services)[number];
  readonly rate: number;
  readonly seconds: number;
  readonly baseline: number;
}

/** Measures what a transaction that stays open costs; the exit code says whether that is little enough. */
export async function longTransaction(args: readonly string[]): Promise<number> {
  const settings = readSettings(args);
  const share = await using(
    () => startRig(services),
    async (rig) => {
      const transport = connectTransport(rig.brokerUrl);
      const feed = startFeed(transport, settings.rate);
      const found = await measure(settings, { rig, transport, feed });
      await feed.stop();
      await transport.close();
      return found;
    },
  );
  process.stdout.write(`throughput with the transaction open: ${(100 * share).toFixed(1)} % of that without\n`);
  return share >= leastShare ? 0 : 1;
}

interface Parts {
  readonly rig: Rig<(typeof services)[number]>;
  readonly transport: Transport;
  readonly feed: Feed;
}

async function measure({ service, seconds, baseline }: Settings, parts: Parts): Promise<number> {
  const probing = setInterval(() => void probe(parts.rig), probeMs);
  await delay(warmUpSeconds * 1_000);
  const without = await watch('no transaction open', baseline, parts);
  const release = await holdTransaction(parts.rig.databases[service], service);
  const within = await watch(`one open in ${service}`, seconds, parts);
  await release();
  await watch('after its end', sliceSeconds, parts);
  clearInterval(probing);
  return within / without;
}

/** As Prometheus and Kubernetes do; both questions look at the outbox. */
async function probe({ urls }: Parts['rig']): Promise<void> {
  const ask = async (url: string): Promise<string> => (await fetch(url)).text();
  await Promise.allSettled(Object.values(urls).flatMap((url) => [ask(`${url}/metrics`), ask(`${url}/health/ready`)]));
}

/** Prints what happens in each slice of time; resolves to the orders finished per second in all of them. */
async function watch(what: string, seconds: number, parts: Parts): Promise<number> {
  const first = await look(parts);
  let last = first;
  for (let at = 0; at < seconds; at += sliceSeconds) {
    await delay(Math.min(sliceSeconds, seconds - at) * 1_000);
    const now = await look(parts);
    process.stdout.write(`${what.padEnd(24)} ${describe(last, now)}\n`);
    last = now;
  }
  return rateOf(first, last, 'finished');
}

interface Reading {
  readonly atSeconds: number;
  readonly ordered: number;
  /** Orders whose last event is on its topic. */
  readonly finished: number;
  readonly cpu: Readonly<Record<string, number>>;
}

async function look({ rig, transport, feed }: Parts): Promise<Reading> {
  const ends = await transport.endPositions(catalogue.contractOf(OrdenActualizadaSchema).topic);
  return {
    ...{ atSeconds: performance.now() / 1_000, ordered: feed.count() },
    finished: Number(ends.reduce((sum, end) => sum + end, 0n)),
    cpu: cpuOf(rig.pids()),
  };
}

function rateOf(from: Reading, to: Reading, what: 'ordered' | 'finished'): number {
  return (to[what] - from[what]) / (to.atSeconds - from.atSeconds);
}

function describe(from: Reading, to: Reading): string {
  const seconds = to.atSeconds - from.atSeconds;
  const cpu = Object.entries(used(from.cpu, to.cpu)).map(
    ([name, each]) => `${name} ${Math.round((100 * each) / seconds)} %`,
  );
  const rates = `ordered ${rateOf(from, to, 'ordered').toFixed(1)}/s  finished ${rateOf(from, to, 'finished').toFixed(1)}/s`;
  return `${rates}  under way ${to.ordered - to.finished}  CPU: ${cpu.join(', ')}`;
}

function readSettings(args: readonly string[]): Settings {
  const { service, ...numbers } = parse(args);
  const known = services.find((name) => name === service);
  if (known === undefined) throw new WrongArguments(usage);
  const [rate, seconds, baseline] = [numbers.rate, numbers.seconds, numbers.baseline].map(Number) as [
    number,
    number,
    number,
  ];
  if (![rate, seconds, baseline].every((value) => value > 0)) throw new WrongArguments(usage);
  return { service: known, rate, seconds, baseline };
}

const options = {
  service: { type: 'string', default: 'order' },
  rate: { type: 'string', default: '300' },
  seconds: { type: 'string', default: '180' },
  baseline: { type: 'string', default: '60' },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new WrongArguments(usage, { cause: error });
  }
}
