import type { Catalogue, Contract } from '../catalogue.js';
import { AlpesError } from '../errors.js';
import type { Fate, InboxKey, FateStore } from '../inbox/store.js';
import type { Inspector } from '../inspector.js';
import type { Outbox } from '../outbox/outbox.js';
import { type DeadLetter, type DeadLetterInFull, deathOf, describe, readBody } from './describe.js';
import type { Letter } from './letter.js';
import { readPage } from './pages.js';
import { type Plan, plan } from './redrive.js';
import { LARGEST_PAGE, type ListPage, type SelectionPage } from './selection.js';
import { LETTER_STATES, stateOf, tell, type Told } from './state.js';
import { type DropVerdict, explain, judgeDrop, type Limits, type RedriveVerdict } from './verdict.js';

/** A part of an answer: what was found of the letters that the page has looked at, which may be nothing. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Given as `after` it leads to the next page; absent at the end. */
  readonly next?: string;
}

/** A letter, what was done with it, or would be, and why nothing was where that is so. Its state is that of before. */
export interface Judged<Verdict> extends DeadLetter {
  readonly verdict: Verdict;
  readonly why: string;
}

/**
 * The dead letters of one service's subscriptions, in the order of their deaths, topic by topic. All methods throw
 * `invalid-input` for a selection that can't be.
 */
export interface DeadLetters {
  /** Those that the service subscribes to. */
  readonly topics: readonly string[];
  list(page: ListPage): Promise<Page<DeadLetter>>;
  /** The message with this id, whole; throws `not-found`. Looks through all letters. */
  show(id: string): Promise<DeadLetterInFull>;
  /**
   * Sends messages again to this subscription, each page of letters in one transaction. Who repeats it, does it twice at
   * once, or is stopped in the middle, sends nothing twice: what is on its way is left alone. Without `force` it refuses
   * what is too old, or was redriven too often; see {@link RedriveVerdict}. `dryRun` only says what it would do.
   */
  redrive(
    page: SelectionPage & { readonly force?: boolean; readonly dryRun?: boolean },
  ): Promise<Page<Judged<RedriveVerdict>>>;
  /** Decides that messages stay dead. Their letters remain where they are. `dryRun` only says what it would do. */
  drop(page: SelectionPage & { readonly dryRun?: boolean }): Promise<Page<Judged<DropVerdict>>>;
}

export interface DeadLettersOptions<Tx> extends Limits {
  readonly service: string;
  readonly transport: Pick<Inspector, 'browse'>;
  readonly catalogue: Pick<Catalogue, 'contracts'>;
  readonly store: FateStore<Tx>;
  readonly outbox: Outbox<Tx>;
}

/** What the service is declared to consume, whether or not this process does it. */
type Parts<Tx> = DeadLettersOptions<Tx> & { readonly contracts: readonly Contract[] };

export function createDeadLetters<Tx>(given: DeadLettersOptions<Tx>): DeadLetters {
  const contracts = given.catalogue.contracts.filter(({ consumers }) => consumers.includes(given.service));
  const options: Parts<Tx> = { ...given, contracts };
  return {
    topics: contracts.map(({ topic }) => topic),
    list: async ({ states = LETTER_STATES, ...page }) => {
      const { letters, ...rest } = await readPage(options, page, 'at-the-end');
      const told = tell(letters, await fatesOf(options, letters));
      const items = told.filter(({ state }) => states.includes(state)).map((one) => describe(one, options.service));
      return { items, ...rest };
    },
    show: (id) => show(options, id.toLowerCase()),
    redrive: async ({ force = false, dryRun = false, ...page }) => {
      const { letters, ...rest } = await readPage(options, page, 'where-it-began');
      const plans = dryRun
        ? await plan(tell(letters, await fatesOf(options, letters)), force, options)
        : await redriveAll(options, letters, force);
      return { items: plans.map((one) => judged(options, one)), ...rest };
    },
    drop: async ({ dryRun = false, ...page }) => {
      const { letters, ...rest } = await readPage(options, page, 'where-it-began');
      const told = dryRun ? tell(letters, await fatesOf(options, letters)) : await dropAll(options, letters);
      return { items: told.map((one) => judged(options, { ...one, verdict: judgeDrop(one.state) })), ...rest };
    },
  };
}

async function show<Tx>(options: Parts<Tx>, id: string): Promise<DeadLetterInFull> {
  const { service, store, contracts } = options;
  const letters = new Map<number, Letter>();
  let after: string | undefined;
  do {
    const position = after === undefined ? {} : { after };
    const page = await readPage(options, { ids: [id], limit: LARGEST_PAGE, ...position }, 'at-the-end');
    for (const letter of page.letters) letters.set(letter.redrive, letter);
    after = page.next;
  } while (after !== undefined);
  const latest = [...letters.values()].at(-1);
  const contract = contracts.find(({ topic }) => topic === latest?.original.topic);
  if (latest === undefined || contract === undefined) {
    throw new AlpesError('not-found', `${service} has no dead letter of a message ${id}`);
  }
  const state = stateOf(latest, (await fatesOf(options, [latest])).get(id));
  const payload = latest.isLarge ? await store.largeBody(service, id) : latest.original.payload;
  return {
    ...describe({ letter: latest, state }, service),
    ...{ headers: latest.headers, body: readBody(latest, contract, payload) },
    deaths: [...letters.values()].map(deathOf),
  };
}

/** Marks and sends in one transaction, in the order of the deaths. */
async function redriveAll<Tx>(
  options: DeadLettersOptions<Tx>,
  letters: readonly Letter[],
  force: boolean,
): Promise<Plan[]> {
  const { service, store, outbox } = options;
  if (letters.length === 0) return [];
  return outbox.inTransaction(async (tx) => {
    const held = tell(letters, await store.holdFates(tx, service, idsOf(letters)));
    const plans = await plan(held, force, { ...options, tx });
    const chosen = plans.filter(({ verdict }) => verdict === 'redrive').map(({ letter }) => keyOf(letter));
    const marked = await store.markRedriven(tx, service, chosen);
    const messages = plans.filter(({ letter }) => marked.has(letter.id)).map(({ message }) => message);
    await outbox.enqueue(
      tx,
      messages.filter((message) => message !== undefined),
    );
    // One that the inbox does not know can't be held: somebody else may have forced it at this moment.
    return plans.map((one) =>
      one.verdict === 'redrive' && !marked.has(one.letter.id) ? { ...one, verdict: 'on-its-way' } : one,
    );
  });
}

/** Returns the states of before. */
async function dropAll<Tx>(
  { service, store, outbox }: DeadLettersOptions<Tx>,
  letters: readonly Letter[],
): Promise<readonly Told[]> {
  if (letters.length === 0) return [];
  return outbox.inTransaction(async (tx) => {
    const told = tell(letters, await store.holdFates(tx, service, idsOf(letters)));
    const dead = told.filter(({ state }) => state === 'dead').map(({ letter }) => keyOf(letter));
    await store.markDropped(tx, service, dead);
    return told;
  });
}

async function fatesOf<Tx>({ service, store }: DeadLettersOptions<Tx>, letters: readonly Letter[]) {
  return letters.length === 0 ? new Map<string, Fate>() : store.fatesOf(service, idsOf(letters));
}

function judged<Verdict extends RedriveVerdict | DropVerdict>(
  options: Limits & { readonly service: string },
  { letter, state, verdict }: Told & { readonly verdict: Verdict },
): Judged<Verdict> {
  return { ...describe({ letter, state }, options.service), verdict, why: explain(verdict, letter, options) };
}

const idsOf = (letters: readonly Letter[]): string[] => [...new Set(letters.map(({ id }) => id))];
const keyOf = ({ id, redrive }: Letter): InboxKey => ({ messageId: id, redrive });
