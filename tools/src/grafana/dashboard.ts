import { type Panel, type Row, rows } from './panels.js';

/** Of the 24 columns that a dashboard has. */
const WIDTH = 12;
const HEIGHT = 8;

const datasource = { type: 'prometheus', uid: '${datasource}' };

/** The dashboard as Grafana reads it; its alarms are those that fire in the chosen source of data. */
export function dashboard(): object {
  return {
    ...{ uid: 'alpes', title: 'Alpes', tags: ['alpes'], schemaVersion: 39, version: 1, editable: false },
    ...{ refresh: '30s', time: { from: 'now-3h', to: 'now' }, timezone: '' },
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' }] },
    annotations: { list: [alarms] },
    panels: placed(rows),
  };
}

/** Marks in every graph when which alarm fired. */
const alarms = {
  ...{ name: 'Alarms', datasource, enable: true, iconColor: 'red', step: '30s' },
  expr: 'ALERTS{alertname=~"Alpes.*", alertstate="firing"}',
  ...{ titleFormat: '{{alertname}}', textFormat: '{{service}} {{subscription}} {{topic}} {{instance}}' },
};

function placed(all: readonly Row[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: own } of all) {
    panels.push({ id: panels.length + 1, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: 24, h: 1 } });
    y += 1;
    for (const [index, panel] of own.entries()) {
      const gridPos = { x: (index % 2) * WIDTH, y: y + Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT };
      panels.push({ id: panels.length + 1, gridPos, ...graph(panel) });
    }
    y += Math.ceil(own.length / 2) * HEIGHT;
  }
  return panels;
}

function graph({ title, unit, lines }: Panel): object {
  const targets = Object.entries(lines).map(([legendFormat, expr], index) => ({
    ...{ refId: String.fromCodePoint(65 + index), datasource, expr, legendFormat },
  }));
  return {
    ...{ type: 'timeseries', title, datasource, targets },
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 5, showPoints: 'never' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  };
}
