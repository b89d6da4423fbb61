import { CRASH_POINTS } from '@alpes/messaging';
import { columns } from '../columns.js';
import type { Arguments } from './arguments.js';
import { type Finding, type Kind, KINDS } from './findings.js';
import { isClean, type Result } from './results.js';
import { ACTIONS, type Cell } from './scenario.js';

/** How many findings of each kind are shown of a run. */
const MOST_SHOWN = 3;

/** The command that does the same run again. */
export function repeatCommand({ point, action, seed }: Cell, told: Told): string {
  return `npm run crash-matrix -- --seed ${seed} --point ${point} --action ${action}${toldAgain(told)}`;
}

type Told = Pick<Arguments, 'broker' | 'control'>;

/** What has to be told again beside the cells. */
export function toldAgain({ broker, control }: Told): string {
  const words = [...broker.told, ...(control === undefined ? [] : ['--control', control])];
  return words.map((word) => ` ${word}`).join('');
}

/** What was wrong with a run, for a person. */
export function describeFailure(cell: Cell, findings: readonly Finding[], told: Told): string {
  const shown = KINDS.flatMap((kind) => {
    const mine = findings.filter((one) => one.kind === kind).slice(0, MOST_SHOWN);
    return mine.map(({ text }) => `  ${kind.padEnd(10)} ${text}`);
  });
  const left = findings.length - shown.length;
  return [
    `${cell.point}, ${cell.action}, seed ${cell.seed}: ${summary(findings)}`,
    ...shown,
    ...(left > 0 ? [`  … and ${left} more`] : []),
    `  again: ${repeatCommand(cell, told)}`,
  ].join('\n');
}

/** What is kept of an earlier start. Of which state of the code that was, nobody took note. */
export function describeKept(results: readonly Result[], told: Told): string {
  const failed = results.filter((result) => !isClean(result));
  const kept = `${results.length} runs are kept from an earlier start, of which ${failed.length} failed`;
  return [
    `${kept}; --fresh does them again, as is needed after a change of the code.`,
    ...failed.map(
      (cell) => `  ${cell.point}, ${cell.action}, seed ${cell.seed} failed; again: ${repeatCommand(cell, told)}`,
    ),
  ].join('\n');
}

function summary(findings: readonly Finding[]): string {
  const parts = KINDS.map((kind) => [kind, findings.filter((one) => one.kind === kind).length] as const);
  return parts
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}

const COLUMNS = ['point', 'action', 'runs', 'crashes', 'messages', 'lost', 'doubled', 'out of order', 'unsettled'];

/** One line for each point and action, and one for all. */
export function table(results: readonly Result[]): string {
  const cells = CRASH_POINTS.flatMap((point) => ACTIONS.map((action) => ({ point, action })));
  const lines = cells.flatMap(({ point, action }) => {
    const mine = results.filter((result) => result.point === point && result.action === action);
    return mine.length === 0 ? [] : [[point, action, ...numbers(mine)]];
  });
  const rows = [COLUMNS, ...lines, ['all', '', ...numbers(results)]];
  return columns(rows, (column) => column >= 2);
}

function numbers(results: readonly Result[]): string[] {
  const sum = (read: (result: Result) => number) =>
    results.reduce((total, result) => total + read(result), 0).toLocaleString('en');
  const wrong = (kind: Kind): string => sum(({ counts }) => counts[kind]);
  return [sum(() => 1), sum(({ crashed }) => Number(crashed)), sum(({ messages }) => messages), ...KINDS.map(wrong)];
}
