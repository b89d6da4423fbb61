import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { rows } from '../grafana/panels.js';
import { seriesIn, seriesOf } from '../prometheus/names.js';
import { hasPrometheus, type Prometheus, startPrometheus, targetsOf } from '../prometheus/prometheus.js';
import { faster, readRules, type RuleFile } from '../prometheus/rules.js';
import { type RunningTool, startCommand, startSystem, type System } from '../start/whole-system.js';
import { type Fault, keyOf } from './alarms/fault.js';
import { messageFaults, partitionFault } from './alarms/message-faults.js';
import { outages } from './alarms/outages.js';

/** What Grafana puts in. */
const withInterval = (expression: string): string => expression.replaceAll('$__rate_interval', '1m');

/** A minute of the rules is 1.5 s here, and between two readings, which on a busy machine take their time. */
const FACTOR = 40;
const EVERY_MS = 1_500;
/** Ms in which nothing goes wrong: longer than most alarms look back. */
const CALM_MS = 15_000;
/** It tells of half an hour, which is 45 s here; that it ends is shown with its rule. */
const LOOKS_BACK_LONG = 'AlpesErrorBudgetSlow';
const PATIENCE = { timeoutMs: 180_000, intervalMs: 500 };
const SETTINGS = {
  ...{ ORDER_DUE_MS: '10000', GAP_AFTER_MS: '3000', OUTBOX_STALLED_AFTER_SECONDS: '600', MAX_IN_FLIGHT: '40' },
  ...{
    PAYMENT_RETRY_MAX_MS: '1000',
    RETRY_MAX_MS: '1000',
    OUTAGE_MAX_MS: '500',
    BATCH_SIZE: '5',
    DATABASE_LOCK_TIMEOUT_MS: '2000',
  },
};

describe('the alarms of a running system', () => {
  if (!hasPrometheus()) {
    it.todo('are not tested, for there is no Prometheus on the PATH');
    return;
  }

  let system: System;
  let load: RunningTool;
  let prometheus: Prometheus;
  beforeAll(async () => {
    system = await startSystem({ args: ['--scale', 'saga-log=2'], env: SETTINGS });
    load = startCommand(system, 'faker', ['--orders', '100000', '--rate', '8/s']);
    prometheus = await startPrometheus({
      targets: targetsOf(system.state()),
      everyMs: EVERY_MS,
      rules: faster(readRules(), FACTOR),
    });
    // It reads nothing for some seconds.
    await eventually(
      async () => (await prometheus.query('up == 1')).length === targetsOf(system.state()).length,
      PATIENCE,
    );
    await untilSilent();
  }, 400_000);
  afterAll(async () => {
    load.interrupt();
    await load.ended;
    await prometheus.stop();
    await system.dispose();
  }, 120_000);

  const firing = async (): Promise<string[]> =>
    (await prometheus.alerts())
      .filter(({ state }) => state === 'firing')
      .map(({ name, labels }) => keyOf(name, labels));

  /** Everything that has fired since. */
  const firedSince = async (from: Date): Promise<string[]> => {
    const range = { from, to: new Date(), stepSeconds: 1 };
    const series = await prometheus.queryRange('ALERTS{alertstate="firing"}', range);
    const keys = series.map(({ labels: { alertname = '', ...labels } }) => keyOf(alertname, labels));
    return [...new Set(keys)].toSorted();
  };

  const untilSilent = (except: readonly string[] = []): Promise<unknown> =>
    eventually(async () => {
      expect((await firing()).filter((key) => !except.includes(key))).toEqual([]);
      return true;
    }, PATIENCE);

  /** What fires until all is mended is told exactly; then there may be much to catch up with, until it is silent. */
  const expectAlarms = async (faults: readonly Fault[]): Promise<void> => {
    const expected = faults.flatMap(({ alarms }) => alarms).toSorted();
    const maybe = faults.flatMap((fault) => fault.maybe ?? []);
    await untilSilent();
    const begin = new Date();
    const fired = async (): Promise<string[]> => (await firedSince(begin)).filter((key) => !maybe.includes(key));
    const mend: (() => Promise<unknown>)[] = [];
    try {
      for (const { strike } of faults) mend.push(await strike(system));
      await eventually(async () => {
        expect(await fired()).toEqual(expect.arrayContaining(expected));
        return true;
      }, PATIENCE);
      expect(await fired()).toEqual(expected);
    } finally {
      for (const put of mend) await put();
    }
    await untilSilent([LOOKS_BACK_LONG]);
  };

  it('and the dashboard name nothing but what is there, in expressions that Prometheus understands', async () => {
    const { groups } = parse(readRules()) as RuleFile;
    const rules = groups.flatMap((group) => group.rules);
    const panels = rows.flatMap((row) => row.panels).flatMap(({ lines }) => Object.values(lines));
    const expressions = [...rules.map(({ expr }) => expr), ...panels.map(withInterval)];
    for (const expression of expressions) await prometheus.query(expression);
    const texts = system
      .state()
      .processes.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    const there = new Set([...(await Promise.all(texts)).flatMap(seriesOf), ...rules.map(({ record }) => record)]);
    expect(expressions.flatMap(seriesIn).filter((name) => !there.has(name))).toEqual([]);
  }, 60_000);

  it('are silent while nothing is wrong', async () => {
    const begin = new Date();
    await delay(CALM_MS);
    expect(await firedSince(begin)).toEqual([]);
  }, 60_000);

  it('tell what goes wrong with messages, nothing else, and no longer than it does', async () => {
    const isEmbedded = 'broker' in system.state().databases;
    await expectAlarms([...messageFaults, ...(isEmbedded ? [partitionFault] : [])]);
  }, 400_000);

  it('tell what is away, and what follows for requests and orders', () => expectAlarms(outages), 400_000);
});
