import type { FullLetter, Letter, Result } from './answers.js';

/** Longest error that is shown of a letter in a list. */
const MOST_TEXT = 300;
/** "would redrive" is the longest. */
const LABEL_WIDTH = 13;

/** What a message says may hold what a terminal would obey. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}

/** One letter of a list. Superseded ones are told by their later letters, and only counted. */
export function letterLines(letter: Letter): string {
  return letter.state === 'superseded' ? '' : lines(letter, letter.state, `${letter.reason}: ${letter.error.trim()}`);
}

const DONE: Readonly<Partial<Record<Result['verdict'], readonly [done: string, would: string]>>> = {
  redrive: ['redriven', 'would redrive'],
  drop: ['dropped', 'would drop'],
  dropped: ['was dropped', 'was dropped'],
};

/** What was done with one letter, or would be. */
export function resultLines(result: Result, dryRun: boolean): string {
  if (result.verdict === 'superseded') return '';
  return lines(result, labelOf(result.verdict, dryRun), result.why);
}

export function labelOf(verdict: Result['verdict'], dryRun: boolean): string {
  const [done, would] = DONE[verdict] ?? [verdict, verdict];
  return dryRun ? would : done;
}

function lines({ id, subscription, topic, key, diedAt, redrive }: Letter, label: string, text: string): string {
  const about = `${id}  ${diedAt}  ${subscription}  ${topic}  key ${printable(key)}`;
  const first = `${label.padEnd(LABEL_WIDTH)}  ${about}${redrive > 0 ? `  redrive ${redrive}` : ''}\n`;
  const short = printable(text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)} …` : text);
  return short === '' ? first : `${first}${' '.repeat(LABEL_WIDTH + 2)}${short}\n`;
}

/** How many of each, such as "redriven: 3, applied: 1". */
export function countsLine(counts: ReadonlyMap<string, number>): string {
  const parts = [...counts].map(([label, count]) => `${label}: ${count.toLocaleString('en')}`);
  return parts.join(', ') || 'no dead letters';
}

/** A message whole. */
export function fullLetter(letter: FullLetter): string {
  const { id, state, subscription, topic, key, reason, error, attempts, bytes, redrive } = letter;
  const facts = {
    ...{ state, subscription, topic, key, redrive, reason, error, attempts },
    ...{ published: letter.publishedAt, died: letter.diedAt, bytes },
    ...{ trace: letter.traceId ?? 'none', correlation: letter.correlationId },
  };
  const deaths = letter.deaths.map(
    (death) => `${death.diedAt} redrive ${death.redrive}: ${death.reason}: ${death.error}`,
  );
  // Each broker gives them in another order.
  const headers = Object.fromEntries(Object.entries(letter.headers).toSorted(byName));
  const blocks = [table(facts), `headers\n${table(headers)}`, bodyOf(letter)];
  const earlier = deaths.length > 1 ? [`deaths\n${deaths.map((one) => `  ${printable(one)}`).join('\n')}`] : [];
  return `${[id, ...blocks, ...earlier].join('\n')}\n`;
}

const byName = ([one]: [string, string], [other]: [string, string]): number => (one < other ? -1 : 1);

function table(rows: Readonly<Record<string, string | number>>): string {
  const width = Math.max(...Object.keys(rows).map((name) => name.length));
  return Object.entries(rows)
    .map(([name, value]) => `  ${printable(name).padEnd(width)}  ${printable(String(value))}`)
    .join('\n');
}

/** JSON writes what a terminal would obey in other signs. */
function bodyOf({ body }: FullLetter): string {
  if ('json' in body) return `body, ${body.type}\n${indented(JSON.stringify(body.json, null, 2))}`;
  const why = `body, as it came: ${printable(body.why)}`;
  return 'base64' in body ? `${why}\n  ${body.base64}` : why;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
