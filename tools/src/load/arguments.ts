import { resolve } from 'node:path';
import { parseCommandLine, wholeNumber, WrongArguments } from '../command-line.js';
import { isScenario, type ScenarioName, scenarioNames, scenarios as known } from './scenarios.js';

/** What `npm run load` was told. */
export interface Arguments {
  readonly scenarios: readonly ScenarioName[];
  /** How long those take of which that can be told; each has its own unless told. */
  readonly minutes: number | undefined;
  /** Orders a minute of an ordinary time. */
  readonly rate: number;
  /** Undefined where latencies are not judged. */
  readonly limits: Limits | undefined;
  readonly dataDir: string;
}

/** What 99 of 100 orders may take, in ms. */
export interface Limits {
  readonly acceptP99: number;
  readonly finishedP99: number;
}

const lasting = scenarioNames.filter((name) => known[name].minutes !== undefined);

export const usage = `Usage: npm run load -- [${scenarioNames.join('|')} …] [--minutes M] [--rate R] [--accept-p99 MS] [--finished-p99 MS] [--no-latency]

  steady              a constant rate, for a minute unless told
  ramp                twice as many orders every 10 s, until there are too many, and further
  spike               ten times as many orders for 10 s
  soak                as steady, for 30 minutes unless told
                      none of them: steady, ramp and spike, in turn

  --minutes M         how long ${lasting.join(' and ')} take; may be a part of one, such as 0.2
  --rate R            orders a minute, 1000 unless told; the ramp goes from 2 to 128 times as many
  --accept-p99 MS     what 99 of 100 orders may take to be accepted; 15 unless told
  --finished-p99 MS   what 99 of 100 may take from then until they are finished; 150 unless told
  --no-latency        judges neither: for a machine that does other things meanwhile

It runs against the system that runs in DATA_DIR (.data unless told), or else against one that it starts.
`;

const options = {
  minutes: { type: 'string' },
  rate: { type: 'string', default: '1000' },
  'accept-p99': { type: 'string', default: '15' },
  'finished-p99': { type: 'string', default: '150' },
  'no-latency': { type: 'boolean', default: false },
} as const;

/** Reads the command line; throws WrongArguments. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Arguments {
  const { values, positionals } = parseCommandLine(args, { options, allowPositionals: true });
  const scenarios = positionals.length === 0 ? (['steady', 'ramp', 'spike'] as const) : positionals.map(scenarioOf);
  const limits = {
    acceptP99: decimal('--accept-p99', values['accept-p99']),
    finishedP99: decimal('--finished-p99', values['finished-p99']),
  };
  return {
    ...{ scenarios, minutes: minutesOf(values.minutes, scenarios), limits: values['no-latency'] ? undefined : limits },
    rate: wholeNumber('--rate', values.rate),
    dataDir: resolve(env['DATA_DIR'] || '.data'),
  };
}

function scenarioOf(name: string): ScenarioName {
  if (isScenario(name)) return name;
  throw new WrongArguments(`there is no "${name}": there are ${scenarioNames.join(', ')}`);
}

function minutesOf(text: string | undefined, scenarios: readonly ScenarioName[]): number | undefined {
  if (text === undefined) return undefined;
  if (!scenarios.some((name) => lasting.includes(name))) {
    throw new WrongArguments(`--minutes is for ${lasting.join(' and ')}: the others take as long as they take`);
  }
  const minutes = decimal('--minutes', text);
  if (minutes === 0) throw new WrongArguments('--minutes is "0": there would be nothing to measure');
  return minutes;
}

function decimal(option: string, text: string): number {
  if (!/^\d{1,9}(\.\d+)?$/.test(text)) throw new WrongArguments(`${option} is "${text}": it is a number from 0`);
  return Number(text);
}
