import { escape, htmlPage, htmlTable } from '../../html.js';
import type { Bench } from './bench.js';
import { type Diagram, picture } from './picture.js';
import { profileTables, tablesOf } from './report.js';
import { type Second, secondsOf } from './seconds.js';
import type { Trial } from './trial.js';

/** The report of a run, a page that needs nothing else. */
export function page(bench: Bench): string {
  const { counts, ok } = bench.verdict;
  const verdict = ok
    ? `<p class="good">Every one of ${counts.accepted} orders is fine.</p>`
    : `<pre class="bad">${escape(JSON.stringify(bench.verdict, null, 2))}</pre>`;
  const tables = tablesOf(bench).map(([head = [], ...rows]) => htmlTable(head, rows));
  const profile = (bench.profile === undefined ? [] : profileTables(bench.profile)).map(([head = [], ...rows]) =>
    htmlTable(head, rows),
  );
  return htmlPage(
    `Bench of ${new Date().toISOString().slice(0, 10)}`,
    [
      '<h1>Bench</h1>',
      `<p>On ${escape(bench.place)}, ${escape(bench.machine)}; servers and clients on it too. Figures are medians.</p>`,
      ...[verdict, ...tables],
      ...[...section('1,000 orders a minute', bench.steady), ...section('As much as is sustained', bench.busy)],
      ...(profile.length === 0 ? [] : ['<h2>Where the time goes</h2>', ...profile]),
    ].join('\n'),
  );
}

/** The last of the runs, over time. */
function section(title: string, trials: readonly Trial[]): string[] {
  const trial = trials.at(-1);
  return trial === undefined ? [] : [`<h2>${title}, over time</h2>`, picture(diagramsOf(secondsOf(trial)), 's')];
}

function diagramsOf(seconds: readonly Second[]): Diagram[] {
  const line = (name: string, read: (second: Second) => number | undefined) => ({
    ...{ name, points: seconds.map((second, at) => [at, read(second)] as const) },
  });
  return [
    {
      title: 'orders per second',
      lines: [line('accepted', ({ accepted }) => accepted), line('finished', ({ finished }) => finished)],
    },
    { title: 'orders that were accepted and not finished', lines: [line('backlog', ({ backlog }) => backlog)] },
    {
      title: 'accept, ms',
      lines: [line('accept p50', ({ accept }) => accept.p50), line('accept p99', ({ accept }) => accept.p99)],
    },
    {
      title: 'accepted → finished, ms',
      lines: [line('finish p50', ({ finish }) => finish.p50), line('finish p99', ({ finish }) => finish.p99)],
    },
  ];
}
