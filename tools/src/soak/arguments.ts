import { join, resolve } from 'node:path';
import { parseCommandLine, wholeNumber } from '../command-line.js';

/** What `npm run soak` was told. */
export interface Arguments {
  readonly minutes: number;
  /** Orders per minute. */
  readonly rate: number;
  /** Where the ledger is kept. */
  readonly folder: string;
}

export const usage = `Usage: npm run soak -- [--minutes M] [--rate R]

  --minutes M         how long; the first third is for the system to get warm; 30 unless told
  --rate R            orders per minute; 1000 unless told

The broker is that of BROKER_URL, as for npm start: a log in PostgreSQL unless told.
`;

const options = {
  minutes: { type: 'string', default: '30' },
  rate: { type: 'string', default: '1000' },
} as const;

/** Reads the command line; throws WrongArguments. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Arguments {
  const { values } = parseCommandLine(args, { options, allowPositionals: false });
  return {
    minutes: wholeNumber('--minutes', values.minutes),
    rate: wholeNumber('--rate', values.rate),
    folder: join(resolve(env['DATA_DIR'] || '.data'), 'soak'),
  };
}
