import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseCommandLine, WrongArguments } from '../command-line.js';

/** What `npm run reconcile` was told. */
export interface Arguments {
  /** Without it no order has to exist. */
  readonly ledger: string | undefined;
  readonly json: boolean;
  readonly waitMs: number;
  readonly dataDir: string;
}

export const usage = `Usage: npm run reconcile -- [--ledger FILE] [--json] [--wait SECONDS] [--data-dir DIR]

  --ledger FILE    a file with the id of an accepted order in each line: each must be there, once, whole
  --json           writes everything that was found as JSON
  --wait SECONDS   how long to wait until all that is under way has ended; 60 unless told
  --data-dir DIR   the folder of a system that npm start has started; DATA_DIR or .data unless told
`;

const options = {
  ledger: { type: 'string' },
  json: { type: 'boolean', default: false },
  wait: { type: 'string', default: '60' },
  'data-dir': { type: 'string' },
} as const;

/** Reads the command line; throws WrongArguments. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Arguments {
  const {
    ledger,
    json,
    wait,
    'data-dir': dataDir,
  } = parseCommandLine(args, { options, allowPositionals: false }).values;
  if (!/^\d+(\.\d+)?$/.test(wait)) throw new WrongArguments(`--wait is "${wait}": it is a number of seconds`);
  if (ledger !== undefined && (!existsSync(ledger) || !statSync(ledger).isFile())) {
    throw new WrongArguments(`--ledger is "${ledger}": there is no such file`);
  }
  return { ledger, json, waitMs: Number(wait) * 1_000, dataDir: resolve(dataDir ?? (env['DATA_DIR'] || '.data')) };
}
