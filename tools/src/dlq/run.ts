import { AlpesError } from '@alpes/messaging';
import type { FullLetter, Letter, Result } from './answers.js';
import type { ChangingCommand, Command, Where } from './arguments.js';
import { fullLetter, labelOf, letterLines, resultLines } from './report.js';
import { ask, type Service } from './service.js';
import { queryOf, walk } from './walk.js';

/** What a command came to. */
export interface Outcome {
  readonly items: readonly (Letter | Result | FullLetter)[];
  /** How many letters of each state, or how many with which each was done. */
  readonly counts: ReadonlyMap<string, number>;
  /** What is wrong: services that can't be asked, ids that nobody knows, letters that were refused. */
  readonly problems: readonly string[];
  readonly interrupted: boolean;
}

export interface Surroundings {
  readonly services: readonly Service[];
  /** Told of each letter at once, in words. */
  readonly say: (text: string) => void;
  /** Ends it between two batches. */
  readonly signal: AbortSignal;
}

export async function runList(
  { selection, states }: Extract<Command, { name: 'list' }>,
  { services, say, signal }: Surroundings,
): Promise<Outcome> {
  const items: Letter[] = [];
  const walked = await walk<Letter>({
    ...{ services, signal },
    question: (page) => {
      const more = [...states.map((state) => ['state', state] as const), ...Object.entries(page).map(toText)];
      return { method: 'GET', path: `/dead-letters?${queryOf(selection, more)}` };
    },
    itemsOf: ({ letters = [] }) => letters,
    onItems: (found) => {
      items.push(...found);
      say(found.map(letterLines).join(''));
    },
  });
  const unknown = walked.interrupted || states.length > 0 ? [] : unknownIds(selection.ids, items);
  return { items, counts: countBy(items, ({ state }) => state), ...walked, problems: [...walked.failures, ...unknown] };
}

const toText = ([name, value]: [string, unknown]) => [name, String(value)] as const;

/** Those that have to be told to whoever asked for a redrive: they were not to be left alone. */
const REFUSED = new Set<Result['verdict']>(['expired', 'too-old', 'too-often', 'too-large', 'body-gone']);

export async function runChange(
  { name, selection, dryRun, force }: Omit<ChangingCommand, 'yes'>,
  { services, say, signal }: Surroundings,
): Promise<Outcome> {
  const items: Result[] = [];
  const body = { ...selection, all: true, dryRun, ...(name === 'redrive' && { force }) };
  const walked = await walk<Result>({
    ...{ services, signal },
    question: (page) => ({ method: 'POST', path: `/dead-letters/${name}`, body: { ...body, ...page } }),
    itemsOf: ({ results = [] }) => results,
    onItems: (found) => {
      items.push(...found);
      say(found.map((one) => resultLines(one, dryRun)).join(''));
    },
  });
  const refused = items.filter(({ verdict }) => name === 'redrive' && REFUSED.has(verdict)).length;
  const problems = [
    ...walked.failures,
    ...(walked.interrupted ? [] : unknownIds(selection.ids, items)),
    ...(refused > 0 ? [`Refused: ${refused}. What is said beside each tells why.`] : []),
  ];
  return { items, counts: countBy(items, ({ verdict }) => labelOf(verdict, dryRun)), ...walked, problems };
}

export async function runShow({ id }: { id: string }, where: Where, { services, say }: Surroundings): Promise<Outcome> {
  const items: FullLetter[] = [];
  const problems: string[] = [];
  for (const service of services) {
    try {
      items.push(await ask<FullLetter>(service, { method: 'GET', path: `/dead-letters/${id}` }));
    } catch (thrown) {
      const error = AlpesError.from(thrown);
      if (error.code !== 'not-found') problems.push(error.message);
    }
  }
  const names = where.url ?? where.subscriptions.join(', ');
  if (items.length === 0 && problems.length === 0) problems.push(`No dead letter of a message ${id}: ${names}.`);
  say(items.map(fullLetter).join('\n'));
  return { items, counts: new Map(), problems, interrupted: false };
}

function unknownIds(ids: readonly string[] = [], items: readonly Letter[]): string[] {
  const known = new Set(items.map(({ id }) => id));
  return ids.filter((id) => !known.has(id)).map((id) => `No dead letter of a message ${id}.`);
}

function countBy<Item>(items: readonly Item[], labelOf: (item: Item) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const label of items.map(labelOf)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
