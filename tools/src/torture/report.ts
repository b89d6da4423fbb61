import { columns } from '../columns.js';
import { quantile } from '../quantile.js';
import { figuresByKind, type KindFigures } from './figures.js';
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
  return parts.map((rows) => columns(rows, (column) => column > 0)).join('\n\n');
}

/** Names, and how long they fired. */
export const alarmRows = ({ alarms }: Outcome): string[][] =>
  alarms.map(({ name, seconds }) => [name, `${number(seconds)} s`]);

const row = ({ kind, count, recoveries }: KindFigures): string[] => [
  ...[kind, number(count), inSeconds(quantile(recoveries, 0.5)), inSeconds(quantile(recoveries, 1))],
];

/** Names and values. */
export function summary({ judgement, tracker, played, calmMs }: Outcome): string[][] {
  const { orders, messages, disorders, exits } = judgement;
  const latencies = [0.5, 0.99, 1].map((share) => quantile(tracker.latencies, share));
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
    ['accepted to finished: median, 99 %, longest', latencies.map(inSeconds).join(', ')],
    ['the same as a recovery, with no fault', inSeconds(calmMs)],
  ];
}
