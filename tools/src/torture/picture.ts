import { init, use } from 'echarts/core';
import { CustomChart, type CustomSeriesOption, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import type { Outcome } from './outcome.js';

use([CustomChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WIDTH = 1_200;
/** In pixels: a row for each kind of fault, and each diagram below. */
const ROW = 18;
const DIAGRAM = 170;
const GAP = 50;
const TOP = 40;
const COLOURS = { accepted: '#1f77b4', finished: '#2ca02c', open: '#ff7f0e', slowest: '#9467bd', fault: '#d62728' };

/** Faults, throughput, orders under way and latency, one below the other over the same time, as SVG. */
export function picture(outcome: Outcome): string {
  const kinds = outcome.kinds.filter((kind) => outcome.played.some((one) => one.kind === kind));
  const strip = Math.max(1, kinds.length) * ROW;
  const tops = [0, 1, 2].map((index) => TOP + strip + GAP + index * (DIAGRAM + GAP));
  const height = TOP + strip + 3 * (DIAGRAM + GAP) + GAP;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const end = outcome.tracker.samples.length;
  chart.setOption({
    animation: false,
    title: ['faults', 'orders per second', 'orders under way', 'longest from accepted to finished, s'].map(
      (text, index) => ({
        text,
        left: 10,
        top: [4, ...tops.map((top) => top - 28)][index] ?? 0,
        textStyle: { fontSize: 13 },
      }),
    ),
    legend: { data: ['accepted', 'finished'], right: 20, top: (tops[0] ?? 0) - 28 },
    grid: [{ top: TOP, height: strip }, ...tops.map((top) => ({ top, height: DIAGRAM }))].map((place) => ({
      ...{ ...place, left: 150, right: 20 },
    })),
    xAxis: [0, 1, 2, 3].map((gridIndex) => ({
      ...{ gridIndex, type: 'value' as const, min: 0, max: end },
      axisLabel: { formatter: '{value} s' },
    })),
    yAxis: [
      { gridIndex: 0, type: 'category' as const, data: kinds, inverse: true },
      ...[1, 2, 3].map((gridIndex) => ({ gridIndex, type: 'value' as const })),
    ],
    series: [faults(outcome, kinds), ...lines(outcome)],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function lines({ tracker }: Outcome) {
  const line = (name: keyof typeof COLOURS, index: number, values: readonly number[]) => ({
    ...{ type: 'line' as const, name, xAxisIndex: index, yAxisIndex: index, showSymbol: false },
    ...{ lineStyle: { width: 1, color: COLOURS[name] }, itemStyle: { color: COLOURS[name] } },
    data: values.map((value, second) => [second, value]),
  });
  const read = (field: 'accepted' | 'finished' | 'open') => tracker.samples.map((sample) => sample[field]);
  return [
    line('accepted', 1, read('accepted')),
    line('finished', 1, read('finished')),
    line('open', 2, read('open')),
    line(
      'slowest',
      3,
      tracker.samples.map(({ slowest }) => slowest / 1_000),
    ),
  ];
}

/** A bar from its beginning to its end, and a pale one until the system had recovered. */
function faults({ played }: Outcome, kinds: readonly string[]): CustomSeriesOption {
  return {
    type: 'custom',
    data: played.map(({ kind, beganAt, endedAt, recoveryMs = 0 }) => [
      ...[beganAt, endedAt, endedAt + recoveryMs].map((ms) => ms / 1_000),
      kinds.indexOf(kind),
    ]),
    encode: { x: [0, 1, 2], y: 3 },
    renderItem: (_params, api) => {
      const [began, ended, recovered] = [0, 1, 2].map((field) => api.coord([api.value(field), api.value(3)]));
      const bar = (from: number[] = [], to: number[] = [], opacity: number) => ({
        type: 'rect' as const,
        shape: {
          x: from[0] ?? 0,
          y: (from[1] ?? 0) - 5,
          width: Math.max(2, (to[0] ?? 0) - (from[0] ?? 0)),
          height: 10,
        },
        style: { fill: COLOURS.fault, opacity },
      });
      return { type: 'group', children: [bar(ended, recovered, 0.25), bar(began, ended, 0.9)] };
    },
  };
}
