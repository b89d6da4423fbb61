import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../start/system.js';

export const COLLECTION = join(root, 'postman/alpes.postman_collection.json');

/** The parts of newman's report that are looked at. */
export interface Report {
  readonly run: {
    readonly executions: readonly {
      readonly item: { readonly name: string };
      readonly assertions?: readonly { readonly assertion: string }[];
    }[];
    readonly failures: readonly { readonly source: { name: string }; readonly error: { message: string } }[];
  };
}

/** Runs the collection as a person would on the command line, and returns newman's report. */
export async function runCollection({ url, fakerUrl }: { url: string; fakerUrl: string }): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-newman-'));
  try {
    const file = join(folder, 'report.json');
    const variables = [`baseUrl=${url}`, `fakerUrl=${fakerUrl}`].flatMap((one) => ['--env-var', one]);
    const reporter = ['--reporters', 'json', '--reporter-json-export', file];
    const args = [join(root, 'node_modules/newman/bin/newman.js'), 'run', COLLECTION, ...variables, ...reporter];
    const child = spawn(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' }, stdio: 'ignore' });
    await new Promise((resolve) => child.once('exit', resolve));
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What failed, with the name of its request. */
export const failuresOf = ({ run }: Report): string[] =>
  run.failures.map(({ source, error }) => `${source.name}: ${error.message}`);
