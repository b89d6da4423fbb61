import { CRASH_ACTIONS, CRASH_POINTS, type CrashAction, type CrashPoint } from '@alpes/messaging';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CONTROL_NAMES, type ControlName } from './controls/names.js';
import { WrongArguments } from '../wrong-arguments.js';

/** What `npm run crash-matrix` was told. */
export interface Arguments {
  readonly seeds: number;
  /** The first of them; one is made up unless told. */
  readonly firstSeed: number;
  readonly points: readonly CrashPoint[];
  readonly actions: readonly CrashAction[];
  readonly control: ControlName | undefined;
  /** Whether results of an earlier time are forgotten. */
  readonly fresh: boolean;
  /** Runs at a time. */
  readonly jobs: number;
  /** Where results are kept. */
  readonly folder: string;
}

export const usage = `Usage: npm run crash-matrix -- [--seeds N] [--seed FIRST] [--point POINT] [--action ACTION]
                               [--control NAME] [--fresh] [--jobs N]

  --seeds N         runs of each point and action, each with a seed of its own; 1 unless told
  --seed FIRST      the first seed: with it the same runs come again; made up unless told
  --point POINT     only this crash point: ${CRASH_POINTS.join(', ')}
  --action ACTION   only this: ${CRASH_ACTIONS.join(', ')}
  --control NAME    with a mistake put in, which must be found: ${CONTROL_NAMES.join(', ')}
  --fresh           also what was run before with this first seed
  --jobs N          runs at a time; 2 unless told
`;

const options = {
  seeds: { type: 'string', default: '1' },
  seed: { type: 'string' },
  point: { type: 'string' },
  action: { type: 'string' },
  control: { type: 'string' },
  fresh: { type: 'boolean', default: false },
  jobs: { type: 'string', default: '2' },
} as const;

/** Reads the command line; throws WrongArguments. `random` makes a first seed up. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv, random: () => number): Arguments {
  const { seeds, seed, point, action, control, fresh, jobs } = parse(args);
  return {
    seeds: numberOf('--seeds', seeds),
    firstSeed: seed === undefined ? random() : numberOf('--seed', seed),
    points: point === undefined ? CRASH_POINTS : [oneOf('--point', point, CRASH_POINTS)],
    actions: action === undefined ? CRASH_ACTIONS : [oneOf('--action', action, CRASH_ACTIONS)],
    control: control === undefined ? undefined : oneOf('--control', control, CONTROL_NAMES),
    fresh,
    jobs: numberOf('--jobs', jobs),
    folder: join(resolve(env['DATA_DIR'] || '.data'), 'crash-matrix'),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function numberOf(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new WrongArguments(`${name} is "${text}": it is a whole number from 1`);
  return Number(text);
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new WrongArguments(`${option} is "${text}": it is one of ${names.join(', ')}`);
  return found;
}
