import { escape, htmlPage, htmlTable } from '../html.js';
import { quantile } from '../quantile.js';
import { figuresByKind } from './figures.js';
import type { Outcome } from './outcome.js';
import { picture } from './picture.js';
import { alarmRows, summary } from './report.js';
import type { Played } from './run.js';

const inSeconds = (ms: number | undefined): string => (ms === undefined ? '' : (ms / 1_000).toFixed(1));

/** The report of a run, a page that needs nothing else. */
export function page(outcome: Outcome): string {
  const { again, place, played, kinds, judgement } = outcome;
  const { problems } = judgement;
  const verdict =
    problems.length === 0
      ? '<p class="good">Nothing was lost, doubled or out of order.</p>'
      : problems.map((text) => `<pre class="bad">${escape(text)}</pre>`).join('\n');
  return htmlPage(
    `Torture of ${new Date().toISOString().slice(0, 10)}`,
    `<h1>Torture</h1>
<p>On ${escape(place)}. The same faults again: <code>${escape(again)}</code></p>
${verdict}
${htmlTable([], summary(outcome))}
<h2>Over time</h2>
${picture(outcome)}
<h2>Faults by kind</h2>
<p>Recovery: from the end of a fault that came alone until every process is ready, every order accepted until then is finished,
and a later one too; in seconds.</p>
${htmlTable(
  ['fault', 'times', 'median', '90 %', 'longest'],
  figuresByKind(played, kinds).map(({ kind, count, recoveries }) => [
    ...[kind, String(count)],
    ...[0.5, 0.9, 1].map((share) => inSeconds(quantile(recoveries, share))),
  ]),
)}
<h2>Alarms</h2>
<p>How long each fired, for anybody, with a minute of the rules for a second.</p>
${htmlTable(['alarm', 'fired for'], alarmRows(outcome))}
<h2>Every fault</h2>
${htmlTable(['at', 'fault', 'what', 'recovery'], played.map(faultRow))}`,
  );
}

const faultRow = ({ kind, victim, text, note, beganAt, recoveryMs }: Played): string[] => [
  ...[inSeconds(beganAt), kind, `${victim} ${text}${note === undefined ? '' : ` (${note})`}`, inSeconds(recoveryMs)],
];
