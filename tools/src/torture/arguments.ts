import { join, resolve } from 'node:path';
import { parseCommandLine, WrongArguments } from '../command-line.js';
import { faultKinds } from './faults/index.js';

/** Which broker: a log in PostgreSQL, a Pulsar that is started for it, or one that is there and not ours to kill. */
export type BrokerChoice =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'own'; readonly protocol: 'websocket' | 'binary' }
  | { readonly kind: 'foreign'; readonly url: string };

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

export const usage = `Usage: npm run torture -- [options]

  --seed N            the same faults in the same order; made up unless told
  --kills K           how many faults; 30 unless told
  --minutes M         the longest time for them; 15 unless told
  --rate R            orders per second; 20 unless told
  --broker BROKER     embedded (a log in PostgreSQL, as unless told), websocket or binary (a Pulsar that is started for it,
                      over that protocol), or the URL of a Pulsar that is there, which is not killed
  --fault KIND        only this kind; may be repeated. There are
                      ${faults.join(', ')}
`;

const options = {
  seed: { type: 'string' },
  kills: { type: 'string', default: '30' },
  minutes: { type: 'string', default: '15' },
  rate: { type: 'string', default: '20' },
  broker: { type: 'string', default: 'embedded' },
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
    seed: values.seed === undefined ? random() : numberOf('--seed', values.seed),
    kills: numberOf('--kills', values.kills),
    minutes: numberOf('--minutes', values.minutes),
    rate: numberOf('--rate', values.rate),
    broker: brokerOf(values.broker),
    faults: values.fault.length === 0 ? faults : values.fault,
    folder: join(resolve(env['DATA_DIR'] || '.data'), 'torture'),
  };
}

function brokerOf(text: string): BrokerChoice {
  if (text === 'embedded') return { kind: 'embedded' };
  if (text === 'websocket' || text === 'binary') return { kind: 'own', protocol: text };
  if (/^(ws|wss|pulsar|pulsar\+ssl):\/\/./.test(text)) return { kind: 'foreign', url: text };
  // Not what it is instead: there may be a password in it.
  throw new WrongArguments('--broker is embedded, websocket, binary or the URL of a Pulsar, like ws://localhost:8080');
}

function numberOf(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new WrongArguments(`${name} is "${text}": it is a whole number from 1`);
  return Number(text);
}
