import { join, resolve } from 'node:path';
import { type BrokerChoice, brokerOptions, PROTOCOLS, readBrokerChoice } from '../broker-choice.js';
import { parseCommandLine, wholeNumber, WrongArguments } from '../command-line.js';
import { faultKinds } from './faults/index.js';

/** What `npm run torture` was told. */
export interface Arguments {
  readonly seed: number;
  /** How many faults. */
  readonly kills: number;
  /** The longest time for them. */
  readonly minutes: number;
  /** Orders per second. */
  readonly rate: number;
  readonly broker: BrokerChoice;
  /** Only these kinds of fault; all unless told. */
  readonly faults: readonly string[];
  /** Where reports are kept. */
  readonly folder: string;
}

const faults: readonly string[] = faultKinds.map(({ name }) => name);

export const usage = `Usage: npm run torture -- [--seed N] [--kills K] [--minutes M] [--rate R] [--broker URL | --pulsar PROTOCOL] [--fault KIND …]

  --seed N            the same faults in the same order; made up unless told
  --kills K           how many faults; 30 unless told
  --minutes M         the longest time for them; 15 unless told
  --rate R            orders per second; 20 unless told
  --broker URL        on the Pulsar that is there: ws://…, wss://…, pulsar://… or pulsar+ssl://…
  --pulsar PROTOCOL   on a Pulsar that is started for it, which is killed too: ${PROTOCOLS.join(', ')}
  --fault KIND        only this kind; may be repeated. There are
                      ${faults.join(', ')}
`;

const options = {
  seed: { type: 'string' },
  kills: { type: 'string', default: '30' },
  minutes: { type: 'string', default: '15' },
  rate: { type: 'string', default: '20' },
  ...brokerOptions,
  fault: { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** Reads the command line; throws WrongArguments. `random` makes a seed up. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv, random: () => number): Arguments {
  const { values } = parseCommandLine(args, { options, allowPositionals: false });
  const unknown = values.fault.find((name) => !faults.includes(name));
  if (unknown !== undefined) {
    throw new WrongArguments(`--fault is "${unknown}": it is one of ${faults.join(', ')}`);
  }
  return {
    seed: values.seed === undefined ? random() : wholeNumber('--seed', values.seed),
    kills: wholeNumber('--kills', values.kills),
    minutes: wholeNumber('--minutes', values.minutes),
    rate: wholeNumber('--rate', values.rate),
    broker: readBrokerChoice(values),
    faults: values.fault.length === 0 ? faults : values.fault,
    folder: join(resolve(env['DATA_DIR'] || '.data'), 'torture'),
  };
}
