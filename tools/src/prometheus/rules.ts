import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start/system.js';

/** The file of the alarms, from the root. */
export const RULES = 'deploy/prometheus/rules.yml';

/** The alarms, as the text that Prometheus reads. */
export function readRules(): string {
  return readFileSync(join(root, RULES), 'utf8');
}

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a file of rules holds. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export type AlertRule = Rule & { readonly alert: string };

export function alertsOf({ groups }: RuleFile): AlertRule[] {
  return groups.flatMap(({ rules }) => rules.filter((rule): rule is AlertRule => rule.alert !== undefined));
}

const MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Where a rule names a time: how long it looks back, how long it waits, and from how many seconds on something is too old. */
const DURATIONS = /(\[|\boffset |^ *for: )(\d+)([smhd])\b/gm;
const SECONDS = /(_seconds\)? > )(\d+)/g;

/** The same rules for a system of which nobody wants to wait so long: every time in them is divided by the factor. */
export function faster(rules: string, factor: number): string {
  return rules
    .replaceAll(DURATIONS, (_, before: string, count: string, unit: keyof typeof MS) => {
      const ms = Math.ceil((Number(count) * MS[unit]) / factor);
      return `${before}${ms}ms`;
    })
    .replaceAll(SECONDS, (_, before: string, count: string) => `${before}${Number(count) / factor}`);
}
