import { escape, htmlPage, htmlTable } from '../../html.js';
import { type Diagram, picture } from '../system/picture.js';
import { type Scaling, tableOf } from './report.js';

/** The report of a run, a page that needs nothing else. */
export function page(found: Scaling): string {
  const [head = [], ...rows] = tableOf(found);
  return htmlPage(
    'Scaling of payments',
    [
      '<h1>Scaling of payments</h1>',
      `<p>On ${escape(found.place)}, ${escape(found.machine)}. A call of the gateway takes ${found.latencyMs} ms.</p>`,
      ...[htmlTable(head, rows), picture([diagramOf(found)], 'calls')],
    ].join('\n'),
  );
}

function diagramOf({ points }: Scaling): Diagram {
  const calls = points.map((point) => ({ ...point, calls: point.replicas * point.concurrency }));
  const inOrder = calls.toSorted((a, b) => a.calls - b.calls);
  const replicas = [...new Set(points.map((point) => point.replicas))];
  return {
    title: 'orders per second, by the calls of the gateway at a time',
    lines: [
      { name: 'gateway lets through', points: inOrder.map(({ calls: x, limit }) => [x, limit]) },
      ...replicas.map((count) => ({
        name: `finished, ${count} of payment`,
        points: inOrder
          .filter((point) => point.replicas === count)
          .map(({ calls: x, figures }) => [x, figures.finished] as const),
      })),
    ],
  };
}
