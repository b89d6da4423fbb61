import { mkdirSync, writeFileSync } from 'node:fs';
import { columns } from '../../columns.js';
import { humanReport } from '../../reconcile/report.js';
import type { Verdict } from '../../reconcile/reconcile.js';
import { grow } from '../grow/grow.js';
import { tableOf as growTable } from '../grow/report.js';
import { type Arguments, readArguments } from './arguments.js';
import { type Bench, bench } from './bench.js';
import { figuresOf, ratiosOf } from './figures.js';
import { page } from './page.js';
import { reportFile } from './report-file.js';
import { profileTables, type Table, tablesOf } from './report.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The bench of the whole system. Exit code: 0 if every order was handled as it should be, 1 if one was not. */
export async function systemBench(given: readonly string[]): Promise<number> {
  const args = readArguments(given, process.env);
  mkdirSync(args.folder, { recursive: true });
  return args.grow === undefined ? benchOnce(args) : benchGrowth(args, args.grow);
}

async function benchOnce(args: Arguments): Promise<number> {
  const found = await bench(args, say);
  const file = reportFile(args.folder);
  writeFileSync(`${file}.json`, `${JSON.stringify(summary(found), null, 2)}\n`);
  writeFileSync(`${file}.html`, page(found));
  tellTables(found, [...tablesOf(found), ...(found.profile === undefined ? [] : profileTables(found.profile))]);
  say(`With a picture: ${file}.html; for programs: ${file}.json`);
  return tellVerdict(found.verdict);
}

async function benchGrowth(args: Arguments, stored: number): Promise<number> {
  const found = await grow(args, stored, say);
  const stages = found.stages.map(({ busy, ...stage }) => ({ ...stage, busy: figuresOf(busy) }));
  writeFileSync(`${reportFile(args.folder, 'grow')}.json`, `${JSON.stringify({ ...found, stages }, null, 2)}\n`);
  tellTables(found, [growTable(found)]);
  return tellVerdict(found.verdict);
}

function tellTables({ place, machine }: Pick<Bench, 'place' | 'machine'>, tables: readonly Table[]): void {
  say(`\nOn ${place}, ${machine}\n`);
  for (const table of tables) say(`${columns(table, (column) => column > 0)}\n`);
}

function tellVerdict(verdict: Verdict): number {
  if (verdict.ok) say(`Every one of ${verdict.counts.checked} orders is fine.`);
  else say(humanReport(verdict));
  return verdict.ok ? 0 : 1;
}

const summary = (found: Bench) => ({
  ...{ place: found.place, machine: found.machine, verdict: found.verdict.counts, ratios: ratiosOf(found) },
  ...{ steady: figuresOf(found.steady), busy: figuresOf(found.busy), floors: found.floors, naive: found.naive },
  profile: found.profile,
});
