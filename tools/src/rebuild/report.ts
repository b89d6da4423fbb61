import { columns } from '../columns.js';
import type { TableVerdict } from './compare.js';
import type { Dead } from './dead.js';
import type { Outcome } from './rebuild.js';
import { resultOf, type Verdict } from './verdict.js';

const count = (number: number): string => number.toLocaleString('en');

/** The outcome for a person. */
export function humanReport(outcome: Outcome): string {
  const { service, database, messages, subjects, seconds, verdict } = outcome;
  const perSecond = (number: number): string => count(Math.round(number / Math.max(seconds, 0.001)));
  const head = `${service}, rebuilt into ${database}: ${count(messages)} messages about ${count(subjects)} orders in ${seconds.toFixed(1)} s (${perSecond(messages)} messages/s, ${perSecond(subjects)} orders/s)`;
  const sections = 'behind' in verdict ? [notComparedYet(service, verdict.behind)] : comparison(verdict);
  return `${[head, topicTable(outcome), ...sections].join('\n\n')}\n`;
}

function topicTable({ topics }: Outcome): string {
  const rows = topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ read, last = '' }, partition) => [topic, String(partition), count(read), last]),
  );
  return table(['topic', '>partition', '>messages', 'up to'], rows);
}

function notComparedYet(service: string, behind: readonly string[]): string {
  return [
    `Not compared: ${service} itself has not handled all of this yet`,
    ...behind.map((text) => `  ${text}`),
    `Let it catch up (is it running?) and repeat this, or allow it more time with --wait.`,
  ].join('\n');
}

function comparison(verdict: Verdict): string[] {
  const { tables, notCompared, leftOut, dead } = verdict;
  const notes = [
    ...notCompared.map((text) => `Not compared: ${text}.`),
    ...(leftOut > 0 ? [`Left out: ${count(leftOut)} orders, of which more was published meanwhile.`] : []),
    ...deadLines(dead),
  ];
  return [
    verdictTable(tables),
    ...tables.filter(({ different }) => different > 0).map(differenceLines),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
    conclusion(verdict),
  ];
}

function conclusion(verdict: Verdict): string {
  const result = resultOf(verdict);
  if (result !== 'nothing') return result === 'same' ? 'Both are the same.' : 'They differ.';
  return verdict.tables.length === 0
    ? 'Nothing could be compared: they have no table in common.'
    : 'Nothing could be compared: of every order more was published meanwhile. Repeat this when there is less traffic.';
}

const HASH_SHOWN = 16;

function verdictTable(tables: readonly TableVerdict[]): string {
  const rows = tables.map((one) => [
    ...[one.table, count(one.rows.live), count(one.rows.rebuilt), count(one.leftOut)],
    ...[one.hash.live.slice(0, HASH_SHOWN), one.hash.rebuilt.slice(0, HASH_SHOWN)],
    stateOf(one),
  ]);
  return table(['table', '>rows live', '>rebuilt', '>left out', 'hash live', 'rebuilt', ''], rows);
}

function stateOf({ rows, leftOut, different }: TableVerdict): string {
  if (different > 0) return `different: ${count(different)}`;
  return rows.live === 0 && leftOut > 0 ? 'not compared' : 'same';
}

function differenceLines({ table: name, different, examples }: TableVerdict): string {
  const more = different - examples.length;
  return [
    ...examples.map(({ key, text }) => `${name} ${key}: ${text}`),
    ...(more > 0 ? [`… and ${count(more)} more`] : []),
  ].join('\n');
}

function deadLines({ both, onlyRebuilt, onlyLive }: Dead): string[] {
  return [
    ...(both > 0 ? [`Dead in both: ${count(both)} messages.`] : []),
    ...some('Dead only here, where the live one has handled them or forgotten them', onlyRebuilt, (death) => {
      return `${death.messageId} of ${death.topic}: ${death.reason}: ${death.error}`;
    }),
    ...some('Dead only in the live one, and handled here', onlyLive, (id) => id),
  ];
}

const MOST_SHOWN = 5;

function some<T>(what: string, all: readonly T[], line: (one: T) => string): string[] {
  if (all.length === 0) return [];
  const more = all.length - MOST_SHOWN;
  const shown = all.slice(0, MOST_SHOWN).map((one) => `  ${line(one)}`);
  return [`${what}: ${count(all.length)}`, ...shown, ...(more > 0 ? [`  … and ${count(more)} more`] : [])];
}

/** Columns whose heading begins with > stand at the right. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const heads = headings.map((heading) => heading.replace('>', ''));
  return columns([heads, ...rows], (column) => headings[column]?.startsWith('>') === true);
}

/** The outcome for a program. */
export const jsonReport = (outcome: Outcome): string =>
  `${JSON.stringify({ same: same(outcome), ...outcome }, null, 2)}\n`;

/** Whether the comparison was made, and found no difference. */
export const same = ({ verdict }: Outcome): boolean => 'tables' in verdict && resultOf(verdict) === 'same';
