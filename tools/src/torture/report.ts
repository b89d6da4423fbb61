import { figuresByKind, type KindFigures, quantile } from './figures.js';
import type { Outcome } from './outcome.js';

const number = (value: number): string => value.toLocaleString('en');
const inSeconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`);

/** The figures of a run, for a person. */
export function table(outcome: Outcome): string {
  const kinds = figuresByKind(outcome.played, outcome.kinds).map(row);
  const head = ['fault', 'times', 'recovery: median', 'longest'];
  const alarms = alarmRows(outcome);
  const parts = [
    [head, ...kinds],
    ...(alarms.length === 0 ? [] : [[['alarm', 'fired for'], ...alarms]]),
    summary(outcome),
  ];
  return parts.map(columns).join('\n\n');
}

/** Names, and how long they fired. */
export const alarmRows = ({ alarms }: Outcome): string[][] =>
  alarms.map(({ name, seconds }) => [name, `${number(seconds)} s`]);

const row = ({ kind, count, recoveries }: KindFigures): string[] => [
  ...[kind, number(count), inSeconds(quantile(recoveries, 0.5)), inSeconds(recoveries.at(-1))],
];

/** Names and values. */
export function summary({ judgement, tracker, played, calmMs }: Outcome): string[][] {
  const { orders, messages, disorders, exits } = judgement;
  const latencies = tracker.latencies.toSorted((a, b) => a - b);
  const [half, most, last] = [quantile(latencies, 0.5), quantile(latencies, 0.99), latencies.at(-1)];
  return [
    ['faults', number(played.length)],
    ['orders accepted', number(orders.accepted)],
    ['lost', number(orders.missing)],
    ['doubled', number(orders.doubled)],
    ['out of order', number(disorders.length)],
    ['contradictory', number(orders.contradictory)],
    ['stuck', number(orders.stuck)],
    ['dead letters', number(orders['dead-lettered'])],
    ['processes that ended by themselves', number(exits.length)],
    ['messages on the topics', number(messages)],
    ['accepted to finished: median, 99 %, longest', [half, most, last].map(inSeconds).join(', ')],
    ['the same as a recovery, with no fault', inSeconds(calmMs)],
  ];
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const pad = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n');
}
