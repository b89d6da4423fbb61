import { mkdirSync, writeFileSync } from 'node:fs';
import { columns } from '../../columns.js';
import { humanReport } from '../../reconcile/report.js';
import { machine, placeOf } from '../system/bench.js';
import { figuresOf } from '../system/figures.js';
import { reportFile } from '../system/report-file.js';
import { startRuns } from '../system/runs.js';
import { openSite } from '../system/site.js';
import { readScalingArguments, type ScalingArguments } from './arguments.js';
import { using } from '../using.js';
import { page } from './page.js';
import { type Point, type Setup, tableOf } from './report.js';

/** From few calls at a time to as many as a machine of two cores can use. */
const SETUPS: readonly Setup[] = [
  { replicas: 1, concurrency: 10 },
  { replicas: 1, concurrency: 25 },
  { replicas: 2, concurrency: 25 },
  { replicas: 1, concurrency: 50 },
  { replicas: 2, concurrency: 50 },
  { replicas: 1, concurrency: 100 },
];
/** How much more is offered than the gateway lets through. */
const MORE = 1.1;

/**
 * `npm run bench -- scaling`: how many orders are finished with a payment gateway that takes its time, with more and more
 * calls of it at a time. Exit code: 0 if every order was handled as it should be, 1 if one was not.
 */
export async function benchScaling(given: readonly string[]): Promise<number> {
  const args = readScalingArguments(given, process.env);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const points: Point[] = [];
  for (const setup of SETUPS) points.push(await measure(setup, args, say));
  const found = { place: placeOf(args), machine: machine(), latencyMs: args.latencyMs, points };
  say(`\nOn ${found.place}, ${found.machine}; a call of the gateway takes ${args.latencyMs} ms\n`);
  say(columns(tableOf(found), () => true));
  mkdirSync(args.folder, { recursive: true });
  const file = reportFile(args.folder, 'scaling');
  writeFileSync(`${file}.json`, `${JSON.stringify(found, null, 2)}\n`);
  writeFileSync(`${file}.html`, page(found));
  say(`\nWith a picture: ${file}.html; for programs: ${file}.json`);
  return points.every(({ isFine }) => isFine) ? 0 : 1;
}

/** The orders per second that so many calls at a time let through at best. */
const limitOf = ({ replicas, concurrency }: Setup, latencyMs: number): number =>
  (1_000 * replicas * concurrency) / latencyMs;

async function measure(setup: Setup, args: ScalingArguments, say: (text: string) => void): Promise<Point> {
  const { replicas, concurrency } = setup;
  const env = { SIMULATOR_LATENCY_MS: String(args.latencyMs), PAYMENT_CONCURRENCY: String(concurrency) };
  return using(
    () => openSite(args.broker, env, ['--scale', `payment=${replicas}`]),
    async (site) => {
      say(`payment=${replicas}, ${concurrency} calls at a time`);
      const limit = limitOf(setup, args.latencyMs);
      const runs = startRuns(site, { ...args, rate: undefined }, say);
      await runs.warmUp(Math.min(limit / 2, 200));
      const figures = figuresOf(await runs.repeat(Math.round(MORE * limit), args.seconds));
      const verdict = await runs.judge();
      if (!verdict.ok) say(humanReport(verdict));
      return { ...setup, limit, figures, isFine: verdict.ok };
    },
  );
}
