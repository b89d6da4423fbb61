import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { queryOnce } from '../../postgres/with-client.js';
import type { Site } from './site.js';

/** Where the time goes. */
export interface Profile {
  readonly statements: readonly Statement[];
  readonly functions: readonly Share[];
}

export interface Statement {
  readonly database: string;
  readonly text: string;
  readonly calls: number;
  /** Time in ms of all calls, to plan and to run. */
  readonly ms: number;
}

/** The time of a process in which a function itself ran, not one that it called. */
export interface Share {
  /** By its program. */
  readonly process: string;
  /** The package or module that it belongs to, and its name. */
  readonly module: string;
  readonly name: string;
  readonly ms: number;
}

/** How many of each are told. */
const MOST_STATEMENTS = 40;
const MOST_FUNCTIONS = 25;

const STATEMENTS = `
  SELECT datname AS database, regexp_replace(query, '\\s+', ' ', 'g') AS text, calls::float8 AS calls,
         (total_exec_time + total_plan_time)::float8 AS ms
  FROM pg_stat_statements JOIN pg_database d ON d.oid = dbid ORDER BY ms DESC LIMIT $1`;

const statements = ({ postgres }: Site): Promise<Statement[]> =>
  queryOnce<Statement>(postgres.serverUrl, STATEMENTS, [MOST_STATEMENTS]);

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** Both from 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Reads what V8 has written, a file for each process that has ended. */
function functions(folder: string): Share[] {
  return readdirSync(folder).flatMap((file) => {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
    const program = profile.nodes.find(({ callFrame }) => callFrame.url.endsWith('/dist/bundle.js'))?.callFrame.url;
    return program === undefined ? [] : sharesOf(profile, program);
  });
}

function sharesOf({ nodes, samples, timeDeltas }: CpuProfile, program: string): Share[] {
  const process = basename(join(program, '..', '..'));
  const sourceOf = readSources(program);
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byName = new Map<string, Share>();
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') return;
    const [module, name] = [moduleOf(sourceOf(frame)), frame.functionName || '(anonymous)'];
    const ms = (timeDeltas[index] ?? 0) / 1_000 + (byName.get(`${module} ${name}`)?.ms ?? 0);
    byName.set(`${module} ${name}`, { process, module, name, ms });
  });
  return [...byName.values()].toSorted((a, b) => b.ms - a.ms).slice(0, MOST_FUNCTIONS);
}

/** A program is one file, made of many: by its source map, the URL of that which a function was written in. */
function readSources(program: string): (frame: CallFrame) => string {
  const map = new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${program}.map`), 'utf8')) as SourceMapPayload);
  return ({ url, lineNumber, columnNumber }) => {
    if (url !== program) return url;
    const entry = map.findEntry(lineNumber, columnNumber);
    return 'originalSource' in entry ? new URL(entry.originalSource, program).href : url;
  };
}

/** The package of what is installed; the path of what is ours. */
function moduleOf(url: string): string {
  const installed = url.split('/node_modules/').at(-1);
  if (installed === undefined || installed === url) return url.replace(/^file:.*\/(?=(packages|services|bff)\/)/, '');
  return installed
    .split('/')
    .slice(0, installed.startsWith('@') ? 2 : 1)
    .join('/');
}

export const readProfile = { statements, functions };
