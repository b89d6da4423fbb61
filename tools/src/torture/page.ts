import { quantile } from '../quantile.js';
import { figuresByKind } from './figures.js';
import type { Outcome } from './outcome.js';
import { picture } from './picture.js';
import { alarmRows, summary } from './report.js';
import type { Played } from './run.js';

const STYLE = `
  body { font: 14px/1.5 system-ui, sans-serif; max-width: 1240px; margin: 2rem auto; padding: 0 1rem; color: #222 }
  table { border-collapse: collapse; margin: 1rem 0 }
  td, th { padding: .2rem .8rem; border-bottom: 1px solid #ddd; text-align: left }
  td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
  svg { max-width: 100%; height: auto }
  .good { color: #0a7a3d } .bad { color: #b00020 } pre { white-space: pre-wrap }
`;

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
const inSeconds = (ms: number | undefined): string => (ms === undefined ? '' : (ms / 1_000).toFixed(1));

/** The report of a run, a page that needs nothing else. */
export function page(outcome: Outcome): string {
  const { again, place, played, kinds, judgement } = outcome;
  const { problems } = judgement;
  const verdict =
    problems.length === 0
      ? '<p class="good">Nothing was lost, doubled or out of order.</p>'
      : problems.map((text) => `<pre class="bad">${escape(text)}</pre>`).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Torture of ${new Date().toISOString().slice(0, 10)}</title>
<style>${STYLE}</style>
<h1>Torture</h1>
<p>On ${escape(place)}. The same faults again: <code>${escape(again)}</code></p>
${verdict}
${table(
  [],
  summary(outcome).map(([name = '', value = '']) => [name, value]),
)}
<h2>Over time</h2>
${picture(outcome)}
<h2>Faults by kind</h2>
<p>Recovery: from the end of a fault that came alone until every process is ready, every order accepted until then is finished,
and a later one too; in seconds.</p>
${table(
  ['fault', 'times', 'median', '90 %', 'longest'],
  figuresByKind(played, kinds).map(({ kind, count, recoveries }) => [
    ...[kind, String(count)],
    ...[0.5, 0.9, 1].map((share) => inSeconds(quantile(recoveries, share))),
  ]),
)}
<h2>Alarms</h2>
<p>How long each fired, for anybody, with a minute of the rules for a second.</p>
${table(['alarm', 'fired for'], alarmRows(outcome))}
<h2>Every fault</h2>
${table(['at', 'fault', 'what', 'recovery'], played.map(faultRow))}
</html>
`;
}

const faultRow = ({ kind, victim, text, note, beganAt, recoveryMs }: Played): string[] => [
  ...[inSeconds(beganAt), kind, `${victim} ${text}${note === undefined ? '' : ` (${note})`}`, inSeconds(recoveryMs)],
];

const isNumber = (text: string): boolean => /^[\d.,]*$/.test(text);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (tag: string) => (text: string) =>
    `<${tag}${isNumber(text) ? ' class="number"' : ''}>${escape(text)}</${tag}>`;
  const line = (tag: string, cells: readonly string[]): string => `<tr>${cells.map(cell(tag)).join('')}</tr>`;
  const lines = [...(head.length > 0 ? [line('th', head)] : []), ...rows.map((cells) => line('td', cells))];
  return `<table>\n${lines.join('\n')}\n</table>`;
}
