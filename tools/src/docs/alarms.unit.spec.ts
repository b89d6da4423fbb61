import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { alertsOf, readRules, type RuleFile } from '../prometheus/rules.js';
import { root } from '../start/system.js';
import { anchor } from './markdown.js';

const page = readFileSync(join(root, 'docs/alarms.md'), 'utf8');
const sections = new Map(page.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')), section]));
const alerts = alertsOf(parse(readRules()) as RuleFile);

describe('docs/alarms.md', () => {
  it('explains every alarm, and no other, in the order of the rules', () => {
    expect([...sections.keys()].slice(1)).toEqual(alerts.map(({ alert }) => alert));
  });

  it.each(alerts)('says what $alert means, and what to do first, and the alarm leads there', (alarm) => {
    const section = sections.get(alarm.alert) ?? '';
    expect(/^- severity: (critical|warning)$/m.exec(section)?.[1]).toBe(alarm.labels?.['severity']);
    expect(section).toMatch(/^\*\*It means:\*\* \S[^]*^\*\*First:\*\* \S/m);
    expect(alarm.annotations).toEqual({
      summary: expect.stringMatching(/\S/),
      description: expect.stringMatching(/\S/),
      runbook: `docs/alarms.md${anchor(alarm.alert)}`,
    });
  });
});
