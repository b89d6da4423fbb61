import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hasPrometheus, type Prometheus, startPrometheus, targetsOf } from './prometheus.js';

const RULES = JSON.stringify({
  groups: [
    {
      name: 'example',
      rules: [
        { alert: 'TooMany', expr: 'example_things > 3', annotations: { summary: '{{ $value }} things' } },
        { alert: 'Down', expr: 'up == 0' },
      ],
    },
  ],
});
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

describe('a Prometheus of our own', () => {
  if (!hasPrometheus()) {
    it.todo('is not tested, for there is none on the PATH');
    return;
  }

  let things = 1;
  let server: Server;
  let prometheus: Prometheus;
  beforeAll(async () => {
    server = createServer((_, response) => response.end(`example_things{service="shop"} ${things}\n`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const targets = targetsOf({ processes: [{ name: 'shop-1', port }] });
    prometheus = await startPrometheus({ targets, rules: RULES, everyMs: 200 });
  }, 120_000);
  afterAll(async () => {
    await prometheus.stop();
    server.close();
  }, 60_000);

  it('reads what a process says', async () => {
    const samples = await eventually(async () => (await prometheus.query('example_things')).at(0), PATIENCE);
    expect(samples).toEqual({
      labels: { __name__: 'example_things', job: 'alpes', service: 'shop', instance: 'shop-1' },
      value: 1,
    });
    await expect(prometheus.alerts()).resolves.toEqual([]);
  }, 90_000);

  it('tells which alerts fire', async () => {
    const begin = new Date();
    things = 4;
    const alert = await eventually(async () => (await prometheus.alerts()).at(0), PATIENCE);
    expect(alert).toMatchObject({
      ...{ name: 'TooMany', state: 'firing', labels: { service: 'shop', instance: 'shop-1' }, value: 4 },
      annotations: { summary: '4 things' },
    });
    expect(alert.since.getTime()).toBeGreaterThanOrEqual(begin.getTime());
  }, 90_000);

  it('tells what was', async () => {
    const range = { from: new Date(Date.now() - 60_000), to: new Date(), stepSeconds: 0.1 };
    const [series] = await prometheus.queryRange('example_things', range);
    expect(series?.points.map(({ value }) => value)).toEqual(expect.arrayContaining([1, 4]));
  });

  it('rejects with what is wrong with an expression', async () => {
    await expect(prometheus.query('sum(')).rejects.toThrow('parse error');
  });

  it('says why it does not start', async () => {
    await expect(startPrometheus({ targets: [], rules: 'no rules' })).rejects.toThrow(/does not start:[^]*rules\.yml/);
  }, 90_000);
});
