import { type Finding, kinds } from './findings.js';
import type { Verdict } from './reconcile.js';

/** How many findings of each kind are shown to a person. */
export const mostShown = 20;

/** The verdict for a person. */
export function humanReport({ ok, counts, findings }: Verdict): string {
  const rows = (['checked', 'fine', ...kinds] as const).map(
    (name) => [name, counts[name].toLocaleString('en')] as const,
  );
  const width = Math.max(...rows.map(([, count]) => count.length));
  const table = rows.map(([name, count]) => `  ${name.padEnd(14)} ${count.padStart(width)}`).join('\n');
  const head = `${counts.checked.toLocaleString('en')} orders, ${counts.accepted.toLocaleString('en')} of them in the ledger`;
  const sections = kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) =>
      section(
        kind,
        counts[kind],
        findings.filter((one) => one.kind === kind),
      ),
    );
  const end = ok ? 'Nothing is missing, doubled, contradictory, stuck or dead-lettered.' : 'Something is wrong.';
  return `${[head, table, ...sections, end].join('\n\n')}\n`;
}

function section(kind: string, count: number, findings: readonly Finding[]): string {
  const shown = findings.slice(0, mostShown);
  const left = count - shown.length;
  const more = left > 0 ? [`  … and ${left.toLocaleString('en')} more; --json writes all of them.`] : [];
  return [`${kind} (${count.toLocaleString('en')})`, ...shown.map(paragraph), ...more].join('\n');
}

function paragraph({ orderId, problem, explanation, hint }: Finding): string {
  return [
    `  ${problem}${orderId === undefined ? '' : `, order ${orderId}`}`,
    `    ${explanation}`,
    `    → ${hint}`,
  ].join('\n');
}

/** The verdict for a program. */
export const jsonReport = (verdict: Verdict): string => `${JSON.stringify(verdict, null, 2)}\n`;
