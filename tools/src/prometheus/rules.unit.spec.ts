import { describe, expect, it } from '@jest/globals';
import { faster, readRules } from './rules.js';

describe('rules for a system of which nobody wants to wait so long', () => {
  it('have every time divided, and nothing else', () => {
    const rules = `
      - record: things:ratio_5m
        expr: sum(rate(things_seconds_count[5m] offset 1m)) > 3 or max(things_age_seconds) > 600 or age_seconds > 90
        for: 2m
        annotations: { description: 'For 5m, or 2 minutes' }`;
    expect(faster(rules, 60)).toBe(`
      - record: things:ratio_5m
        expr: sum(rate(things_seconds_count[5000ms] offset 1000ms)) > 3 or max(things_age_seconds) > 10 or age_seconds > 1.5
        for: 2000ms
        annotations: { description: 'For 5m, or 2 minutes' }`);
  });

  it('are in our own file all found: none of its times stays as it was', () => {
    const left = faster(readRules(), 60).split('\n');
    expect(left.filter((line) => /^ *(expr|for|record):|^ {8,}/.test(line) && /[[ ]\d+[smhd]\b/.test(line))).toEqual(
      [],
    );
  });
});
