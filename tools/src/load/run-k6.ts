import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailed } from '../start/start-failed.js';
import { root } from '../start/system.js';
import { readSummary, type Summary } from './summary.js';

/** What k6 is run with. */
export interface K6Run {
  readonly k6: string;
  /** In `loadtest/`. */
  readonly script: string;
  /** What the script reads. */
  readonly settings: Readonly<Record<string, string>>;
  readonly files: Files;
}

/** What a run leaves behind. */
export interface Files {
  /** What was measured, as JSON. */
  readonly summary: string;
  /** The id of each order that was accepted, in a line. */
  readonly ledger: string;
  /** What k6 has to say, such as of each order that failed. */
  readonly log: string;
}

/** Of k6: all went well, and a threshold was crossed. */
const MEASURED = [0, 99];
const MOST_LINES = 20;

/** Runs a script to its end, or until it is told to stop. Throws StartFailed if k6 itself fails. */
export async function runK6({ k6, script, settings, files }: K6Run, stop: AbortSignal): Promise<Summary> {
  for (const file of [files.summary, files.ledger, files.log]) rmSync(file, { force: true });
  const environment = Object.entries({ ...settings, SUMMARY: files.summary }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const args = [
    ...['run', '--quiet', '--no-usage-report', '--address', '', '--log-format', 'raw'],
    ...['--console-output', files.ledger, ...environment.flatMap((one) => ['--env', one])],
    join(root, 'loadtest', script),
  ];
  const code = await runToEnd(k6, args, files.log, stop);
  if (MEASURED.includes(code)) return readSummary(files.summary);
  throw new StartFailed(`k6 ended with ${code}:\n${firstLines(files.log)}`);
}

function runToEnd(k6: string, args: readonly string[], log: string, stop: AbortSignal): Promise<number> {
  const output = openSync(log, 'w');
  // A terminal's Ctrl-C is for us, who tell it.
  const child = spawn(k6, args, { stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  const end = (): void => void child.kill('SIGKILL');
  process.on('exit', end);
  stop.addEventListener('abort', end, { once: true });
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  }).finally(() => {
    process.off('exit', end);
    stop.removeEventListener('abort', end);
  });
}

/** What was logged, each line once, without what is told elsewhere or means nothing to who reads it. */
export function firstLines(log: string): string {
  const all = readFileSync(log, 'utf8').split('\n');
  const lines = new Set(all.filter((line) => line.trim() !== '' && !/^(\s+at |thresholds on metrics )/.test(line)));
  const shown = [...lines].slice(0, MOST_LINES);
  const left = lines.size - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${left} more lines in ${log}`] : [])].join('\n');
}
