import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** A diagram: lines over the same axis, each point at its x. */
export interface Diagram {
  readonly title: string;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number | undefined])[];
  }[];
}

const WIDTH = 1_200;
const HEIGHT = 190;
const GAP = 60;
const TOP = 40;
const COLOURS = ['#1f77b4', '#2ca02c', '#ff7f0e', '#9467bd', '#d62728'];

/** Diagrams one below the other over the same axis, as SVG. `unit` is that of the axis. */
export function picture(diagrams: readonly Diagram[], unit: string): string {
  const tops = diagrams.map((_, index) => TOP + index * (HEIGHT + GAP));
  const options = { renderer: 'svg', ssr: true, width: WIDTH, height: diagrams.length * (HEIGHT + GAP) } as const;
  const chart = init(null, null, options);
  chart.setOption({
    animation: false,
    color: COLOURS,
    title: diagrams.map(({ title: text }, index) => ({
      ...{ text, left: 10, top: (tops[index] ?? 0) - 32, textStyle: { fontSize: 13 } },
    })),
    legend: diagrams.map(({ lines }, index) => ({
      ...{ data: lines.map(({ name }) => name), right: 20, top: (tops[index] ?? 0) - 32 },
    })),
    grid: tops.map((top) => ({ top, height: HEIGHT - GAP / 2, left: 80, right: 20 })),
    xAxis: tops.map((_, gridIndex) => ({
      ...{ gridIndex, type: 'value' as const, axisLabel: { formatter: `{value} ${unit}` } },
    })),
    yAxis: tops.map((_, gridIndex) => ({ gridIndex, type: 'value' as const })),
    series: diagrams.flatMap(({ lines }, index) =>
      lines.map(({ name, points }) => ({
        ...{ type: 'line' as const, name, xAxisIndex: index, yAxisIndex: index, showSymbol: false },
        ...{ lineStyle: { width: 1.5 }, data: points.map(([x, y]) => [x, y ?? '-']) },
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
