import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from '../start/system.js';
import { hasPrometheus } from './prometheus.js';
import { promtool } from './promtool.js';
import { type AlertRule, alertsOf, readRules, RULES, type RuleFile } from './rules.js';

interface PromtoolTest {
  readonly name: string;
  readonly promql_expr_test: readonly { readonly expr: string }[];
}

const TESTS = join(root, 'deploy/prometheus/rules.test.yml');
const file = parse(readFileSync(TESTS, 'utf8')) as { readonly tests: readonly PromtoolTest[] };
const alerts = alertsOf(parse(readRules()) as RuleFile);

describe('the alarms', () => {
  if (!hasPrometheus()) {
    it.todo('are not tested, for there is no Prometheus on the PATH');
    return;
  }

  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'alpes-rules-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Whether the tests of an alarm pass while it is changed. The others are left out: they take their time. */
  const testsWith = (name: string, change: Partial<AlertRule>): boolean => {
    const stem = name.replace(/(Fast|Slow)$/, '');
    const rules = parse(readRules()) as RuleFile;
    const groups = rules.groups.map(({ rules: all, ...group }) => ({
      ...group,
      rules: all
        .filter(({ alert }) => alert === undefined || alert.startsWith(stem))
        .map((rule) => (rule.alert === name ? { ...rule, ...change } : rule)),
    }));
    writeFileSync(join(folder, 'rules.yml'), stringify({ groups }));
    const own = file.tests
      .map((test) => ({ ...test, promql_expr_test: test.promql_expr_test.filter(({ expr }) => expr.includes(stem)) }))
      .filter((test) => test.promql_expr_test.length > 0);
    writeFileSync(join(folder, 'rules.test.yml'), stringify({ ...file, tests: own }));
    expect(own.length).toBeGreaterThan(0);
    return promtool('test', 'rules', join(folder, 'rules.test.yml')).ok;
  };

  it('are rules that Prometheus understands', () => {
    expect(promtool('check', 'rules', join(root, RULES))).toMatchObject({ ok: true });
  });

  it('fire when they should, and not when they should not', () => {
    expect(promtool('test', 'rules', TESTS)).toMatchObject({ ok: true });
  }, 60_000);

  it.each(alerts.map(({ alert }) => alert))(
    'would be noticed if %s fired always, or never',
    (alert) => {
      expect(testsWith(alert, {})).toBe(true);
      expect(testsWith(alert, { expr: 'vector(1)', for: '0s' })).toBe(false);
      expect(testsWith(alert, { expr: 'vector(1) < 0', for: '0s' })).toBe(false);
    },
    60_000,
  );

  it('are read by a Prometheus that finds the processes in Kubernetes', () => {
    const text = readFileSync(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8');
    // Debian's Prometheus is built without what asks Kubernetes.
    const config = text.replace('kubernetes_sd_configs: [{ role: pod }]', 'static_configs: []');
    expect(config).not.toBe(text);
    writeFileSync(join(folder, 'prometheus.yml'), config);
    writeFileSync(join(folder, 'rules.yml'), readRules());
    expect(promtool('check', 'config', join(folder, 'prometheus.yml'))).toMatchObject({ ok: true });
  });
});
