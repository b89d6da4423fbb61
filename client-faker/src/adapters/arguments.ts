import { randomBytes, randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { MAX_SEED } from '../domain/random-orders.js';
import { parseRate, type Rate } from '../domain/rate.js';

export const USAGE = `Usage: npm run faker -- [options]

  --orders N        how many orders to place (default 100)
  --rate RATE       how fast, as 50/s, 3000/min or 100000/h (default 3000/min)
  --seed N          the same seed makes the same orders (default: a random one)
  --run ID          repeats the run of that id: its orders exist already (default: a new run)
  --ledger FILE     appends the id of each accepted order, a line each
  --url URL         the system (default: PORT, else DATA_DIR/system.json, else http://127.0.0.1:3000)
  --concurrency N   most orders under way at once (default 256)
  --patience S      seconds for which an order is repeated while it is not known whether it was accepted (default 60)
  --wait S          seconds to wait for the final states (default 60)
`;

export interface Arguments {
  readonly orders: number;
  readonly rate: Rate;
  readonly seed: number;
  readonly run: string;
  readonly ledger: string | undefined;
  readonly url: string | undefined;
  readonly concurrency: number;
  readonly patienceMs: number;
  readonly waitMs: number;
}

/** Its message says all that is wrong with the arguments. */
export class WrongArguments extends Error {}

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  orders: TEXT,
  rate: TEXT,
  seed: TEXT,
  run: TEXT,
  ledger: TEXT,
  url: TEXT,
  concurrency: TEXT,
  patience: TEXT,
  wait: TEXT,
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line; throws WrongArguments. Undefined if help was asked for. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  const problems: string[] = [];
  const integer = (name: 'orders' | 'concurrency' | 'seed', fallback: number, least: number, most: number): number => {
    const value = values[name];
    const number = Number(value ?? fallback);
    const fine = value === undefined || (/^\d+$/.test(value) && number >= least && number <= most);
    if (!fine) problems.push(`--${name} has to be a whole number from ${least} to ${most}, not "${value}"`);
    return number;
  };
  const seconds = (name: 'patience' | 'wait'): number => {
    const value = values[name] ?? '60';
    if (!/^\d+(\.\d+)?$/.test(value)) problems.push(`--${name} has to be a number of seconds, not "${value}"`);
    return Number(value) * 1_000;
  };
  const rate = parseRate(values.rate ?? '3000/min');
  if (rate === undefined) problems.push(`--rate has to be such as 50/s, 3000/min or 100000/h, not "${values.rate}"`);
  const run = values.run ?? randomBytes(4).toString('hex');
  if (!/^[\w.-]{1,64}$/.test(run)) problems.push('--run has to be 1 to 64 letters, digits, ".", "_" and "-"');
  if (values.url !== undefined && !isHttpUrl(values.url)) problems.push(`--url has to be an http:// or https:// URL`);
  const result = {
    orders: integer('orders', 100, 1, 100_000_000),
    seed: integer('seed', randomInt(MAX_SEED), 0, MAX_SEED),
    concurrency: integer('concurrency', 256, 1, 10_000),
    ...{ patienceMs: seconds('patience'), waitMs: seconds('wait') },
    ...{ run, ledger: values.ledger, url: values.url },
  };
  if (problems.length > 0 || rate === undefined) throw new WrongArguments(problems.join('\n'));
  return { ...result, rate };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (thrown) {
    throw new WrongArguments(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
