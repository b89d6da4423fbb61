import { CRASH_ACTIONS, CRASH_POINTS, type CrashPoint } from '@alpes/messaging';
import { join, resolve } from 'node:path';
import { controls } from './controls/index.js';
import { CONTROL_NAMES, type ControlName } from './controls/names.js';
import { type Action, ACTIONS } from './scenario.js';
import { type BrokerChoice, brokerOptions, PROTOCOLS, readBrokerChoice } from '../broker-choice.js';
import { parseCommandLine, wholeNumber, WrongArguments } from '../command-line.js';

/** What `npm run crash-matrix` was told. */
export interface Arguments {
  readonly seeds: number;
  /** The first of them; one is made up unless told. */
  readonly firstSeed: number;
  readonly points: readonly CrashPoint[];
  readonly actions: readonly Action[];
  readonly broker: BrokerChoice;
  readonly control: ControlName | undefined;
  /** Whether results of an earlier time are forgotten. */
  readonly fresh: boolean;
  /** Runs at a time. */
  readonly jobs: number;
  /** Where results are kept. */
  readonly folder: string;
}

export const usage = `Usage: npm run crash-matrix -- [--seeds N] [--seed FIRST] [--point POINT …] [--action ACTION …]
                               [--broker URL | --pulsar PROTOCOL] [--control NAME] [--fresh] [--jobs N]

  --seeds N           runs of each point and action, each with a seed of its own; 1 unless told
  --seed FIRST        the first seed: with it the same runs come again; made up unless told
  --point POINT       only this crash point, or these: ${CRASH_POINTS.join(', ')}
  --action ACTION     only this, or these: ${ACTIONS.join(', ')}; broker needs --pulsar
  --broker URL        on the Pulsar that is there: ws://…, wss://…, pulsar://… or pulsar+ssl://…
  --pulsar PROTOCOL   on a Pulsar that is started for it, whose death is tried too: ${PROTOCOLS.join(', ')}
  --control NAME      with a mistake put in, which must be found: ${CONTROL_NAMES.join(', ')}
  --fresh             also what was run before with this first seed
  --jobs N            runs at a time; 2 unless told
`;

const noTexts: string[] = [];
const options = {
  seeds: { type: 'string', default: '1' },
  seed: { type: 'string' },
  point: { type: 'string', multiple: true, default: noTexts },
  action: { type: 'string', multiple: true, default: noTexts },
  ...brokerOptions,
  control: { type: 'string' },
  fresh: { type: 'boolean', default: false },
  jobs: { type: 'string', default: '2' },
} as const;

/** Reads the command line; throws WrongArguments. `random` makes a first seed up. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv, random: () => number): Arguments {
  const { seeds, seed, point, action, control, fresh, jobs, ...where } = parseCommandLine(args, {
    options,
    allowPositionals: false,
  }).values;
  const broker = readBrokerChoice(where);
  const read: Arguments = {
    seeds: wholeNumber('--seeds', seeds),
    firstSeed: seed === undefined ? random() : wholeNumber('--seed', seed),
    points: someOf('--point', point, CRASH_POINTS) ?? CRASH_POINTS,
    actions: someOf('--action', action, ACTIONS) ?? (broker.kind === 'own' ? ACTIONS : CRASH_ACTIONS),
    broker,
    control: control === undefined ? undefined : oneOf('--control', control, CONTROL_NAMES),
    fresh,
    jobs: wholeNumber('--jobs', jobs),
    folder: join(resolve(env['DATA_DIR'] || '.data'), 'crash-matrix', broker.folder),
  };
  refuseOtherDeaths(read);
  return read;
}

/** Only a broker of our own may be killed. */
function refuseOtherDeaths({ broker, actions, control }: Arguments): void {
  if (broker.kind === 'own') return;
  const needs = `needs --pulsar ${PROTOCOLS.join('|')}: a broker that the matrix did not start is not its to kill`;
  if (actions.includes('broker')) throw new WrongArguments(`--action broker ${needs}`);
  if (control !== undefined && controls[control].reveals.action === 'broker') {
    throw new WrongArguments(`--control ${control} shows when the broker dies, and so ${needs}`);
  }
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new WrongArguments(`${option} is "${text}": it is one of ${names.join(', ')}`);
  return found;
}

/** Undefined if none is named. */
function someOf<Name extends string>(
  option: string,
  texts: readonly string[],
  names: readonly Name[],
): readonly Name[] | undefined {
  return texts.length === 0 ? undefined : texts.map((text) => oneOf(option, text, names));
}
