import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasPython, pythonPackages } from '../python.js';
import type { ToolResult } from '../../start/whole-system.js';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const packages = (): Promise<string> => pythonPackages('schemathesis', readFileSync(here('requirements.txt'), 'utf8'));

/** Why there can be no attack from this machine; undefined if there can. */
export async function whyNoAttack(): Promise<string | undefined> {
  if (!hasPython()) return 'there is no Python 3.11 with pip';
  return packages().then(
    () => undefined,
    (error: Error) => `pip can't install schemathesis: ${error.message}`,
  );
}

/** A request and what was answered. */
export interface Exchange {
  /** As in `POST /orders 202`, without the query. */
  readonly line: string;
  readonly status: number;
  readonly body: string;
}

export interface Attack extends ToolResult {
  readonly exchanges: readonly Exchange[];
}

interface Options {
  /** Where the document is, as a URL or a file. */
  readonly document: string;
  /** What is attacked. */
  readonly url: string;
  readonly seed: number;
  /** How many requests are thought out for an operation, in each phase that has no end. */
  readonly examples: number;
}

/** Attacks what the document describes with schemathesis: all phases, all checks, data that is right and data that is wrong. */
export async function attack({ document, url, seed, examples }: Options): Promise<Attack> {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-attack-'));
  try {
    const har = join(folder, 'exchanges.har');
    const options = [
      ...['--mode', 'all', '--checks', 'all', '--continue-on-failure'],
      ...['--seed', String(seed), '--max-examples', String(examples), '--generation-database', 'none'],
      ...['--report', 'har', '--report-har-path', har, '--output-sanitize', 'false', '--no-color'],
    ];
    const config = ['--config-file', here('schemathesis.toml')];
    const args = ['-m', 'schemathesis.cli', ...config, 'run', document, '--url', url, ...options];
    const env = {
      ...process.env,
      PYTHONPATH: await packages(),
      PYTHONDONTWRITEBYTECODE: '1',
      SCHEMATHESIS_HOOKS: here('hooks.py'),
    };
    const { code, output } = await run('python3', args, { cwd: folder, env });
    return { code, output, exchanges: readHar(har) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise<ToolResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}

/** The parts of an HTTP archive that are looked at. */
interface Har {
  readonly log: {
    readonly entries: readonly {
      readonly request: { readonly method: string; readonly url: string };
      readonly response: { readonly status: number; readonly content: { readonly text?: string } };
    }[];
  };
}

function readHar(file: string): Exchange[] {
  const { log } = JSON.parse(readFileSync(file, 'utf8')) as Har;
  return log.entries.map(({ request: { method, url }, response: { status, content } }) => ({
    ...{ line: `${method} ${new URL(url).pathname} ${status}`, status, body: content.text ?? '' },
  }));
}
