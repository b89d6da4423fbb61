import { AlpesError } from '@alpes/messaging';
import type { Letter } from './answers.js';
import type { Selection } from './arguments.js';
import { ask, type Service } from './service.js';

/** Letters that a service looks at, and works on in one transaction, at once. */
const LIMIT = 100;

/** How a walk through the letters of several services went. */
export interface Walked {
  /** Of services that could not be asked to the end, what is wrong with them. */
  readonly failures: readonly string[];
  /** Whether it ended early because it was told to. */
  readonly interrupted: boolean;
}

export interface Walk<Item> {
  readonly services: readonly Service[];
  /** Asks for the page behind `after`. */
  readonly question: (page: { readonly limit: number; readonly after?: string }) => Parameters<typeof ask>[1];
  readonly itemsOf: (answer: Answer<Item>) => readonly Item[];
  readonly onItems: (items: readonly Item[]) => void;
  readonly signal: AbortSignal;
}

/** The part of every answer. */
export interface Answer<Item> {
  readonly letters?: readonly Item[];
  readonly results?: readonly Item[];
  readonly next?: string;
}

/** Goes through the letters of one service after the other, page by page; what one can't tell keeps none of the others from it. */
export async function walk<Item extends Letter>({ services, ...options }: Walk<Item>): Promise<Walked> {
  const failures: string[] = [];
  for (const service of services) {
    try {
      await walkOne(service, options);
    } catch (error) {
      failures.push(AlpesError.from(error).message);
    }
  }
  return { failures, interrupted: options.signal.aborted };
}

async function walkOne<Item extends Letter>(
  service: Service,
  { question, itemsOf, onItems, signal }: Omit<Walk<Item>, 'services'>,
): Promise<void> {
  // A letter that a relay has published twice may be on two pages.
  const seen = new Set<string>();
  let after: string | undefined;
  while (!signal.aborted) {
    const answer = await ask<Answer<Item>>(service, question({ limit: LIMIT, ...(after !== undefined && { after }) }));
    const items = itemsOf(answer).filter(({ id, redrive }) => !seen.has(`${id} ${redrive}`));
    for (const { id, redrive } of items) seen.add(`${id} ${redrive}`);
    onItems(items);
    after = answer.next;
    if (after === undefined) return;
  }
}

/** A selection as the query of a URL. */
export function queryOf({ ids = [], ...rest }: Selection, more: readonly (readonly [string, string])[]): string {
  const query = new URLSearchParams(rest);
  for (const id of ids) query.append('id', id);
  for (const [name, value] of more) query.append(name, value);
  return query.toString();
}
