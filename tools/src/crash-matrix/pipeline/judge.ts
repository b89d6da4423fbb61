import { eachOnce, type Finding, finding, firstsOf, inOrder, type Numbered } from '../findings.js';
import type { Poison, Stage } from '../scenario.js';
import type { Evidence } from './evidence.js';
import { NO_TRIES, type Tries } from './tries.js';

/** A transfer that the run asked for. */
export interface Asked {
  readonly transfer: string;
  readonly poison: Poison | undefined;
  /** `accepted`: the broker, or the stage, has confirmed it. */
  outcome: 'accepted' | 'unknown';
  /** Of a transfer that the stage has confirmed. */
  number?: number;
}

type Expected = Map<string, 'must' | 'may'>;

const nameOf = ({ account, number }: Numbered): string => `${account} ${number}`;
const must = (names: readonly string[]): Expected => new Map(names.map((name) => [name, 'must']));
const isPoisonFor = (stage: Stage, asked: Asked | undefined): boolean => asked?.poison?.stage === stage;

/** Compares what was asked for and accepted with all that came of it, step by step. */
export function judge(asked: readonly Asked[], evidence: Evidence, limits: Limits): Finding[] {
  const byTransfer = new Map(asked.map((one) => [one.transfer, one]));
  return [
    ...judgeEntries(asked, evidence),
    ...judgePublished(evidence),
    ...judgeArrivals(byTransfer, evidence),
    ...judgeReceipts(evidence),
    ...judgeDeaths(asked, evidence, limits),
    ...(['source', 'sink'] as const)
      .filter((stage) => evidence.waiting[stage] > 0)
      .map((stage) => finding('lost', `${evidence.waiting[stage]} messages wait in the outbox of ${stage}`)),
  ];
}

/** Each transfer has one entry, unless it is dead; the numbers of an account have no gap. */
function judgeEntries(asked: readonly Asked[], { entries }: Evidence): Finding[] {
  const healthy = asked.filter((one) => !isPoisonFor('source', one));
  const expected: Expected = new Map(
    healthy.map(({ transfer, outcome }) => [transfer, outcome === 'accepted' ? 'must' : 'may']),
  );
  const numbers = new Map(entries.map(({ transfer, number }) => [transfer, number]));
  const changed = asked.filter(({ transfer, number }) => number !== undefined && numbers.get(transfer) !== number);
  const perAccount = new Map<string, number>();
  const unbroken = entries.map(({ account }) => {
    const number = (perAccount.get(account) ?? 0) + 1;
    perAccount.set(account, number);
    return nameOf({ account, number });
  });
  return [
    ...eachOnce(
      'entries by transfer',
      expected,
      entries.map(({ transfer }) => transfer),
    ),
    ...changed.map(({ transfer, number }) =>
      finding('lost', `transfer ${transfer} was confirmed with number ${number}`),
    ),
    ...eachOnce('entries by number', must(unbroken), entries.map(nameOf)),
  ];
}

/** Each entry is on its topic under one id, in the order of its account. */
function judgePublished({ entries, publishedEntries }: Evidence): Finding[] {
  const firsts = firstsOf(publishedEntries);
  const full = (one: Numbered & { transfer: string }): string => `${nameOf(one)} of transfer ${one.transfer}`;
  return [
    ...eachOnce('published entries', must(entries.map(full)), firsts.map(full)),
    ...inOrder('published entries', firsts),
  ];
}

/** Each published entry has arrived once, unless it is dead, in the order of its account. */
function judgeArrivals(byTransfer: ReadonlyMap<string, Asked>, { publishedEntries, arrivals }: Evidence): Finding[] {
  const healthy = firstsOf(publishedEntries).filter(({ transfer }) => !isPoisonFor('sink', byTransfer.get(transfer)));
  const names = new Map(publishedEntries.map((one) => [one.id, `${nameOf(one)}, message ${one.id}`]));
  return [
    ...eachOnce(
      'arrivals',
      must(healthy.map(({ id }) => names.get(id) ?? id)),
      arrivals.map(({ entry }) => names.get(entry) ?? entry),
    ),
    ...inOrder('arrivals', firstsOf(arrivals.map((arrival) => ({ ...arrival, id: arrival.entry })))),
  ];
}

/** Each arrival has said so under one id, in the order of its account. */
function judgeReceipts({ arrivals, receipts }: Evidence): Finding[] {
  const firsts = firstsOf(receipts);
  return [...eachOnce('receipts', must(arrivals.map(nameOf)), firsts.map(nameOf)), ...inOrder('receipts', firsts)];
}

/** How often a message may be tried, and what may make less of a try than its count. */
export interface Limits {
  /** Tries after which a message is dead. */
  readonly maxAttempts: number;
  /** How many processes died or stood still: each may have been at a try that it never came to. */
  readonly interruptions: number;
}

/** Exactly what is poison is dead, each once, after exactly its tries. */
function judgeDeaths(asked: readonly Asked[], evidence: Evidence, limits: Limits): Finding[] {
  const { letters, tries } = evidence;
  const poisoned = poisonedMessages(asked, evidence);
  const expected: Expected = new Map(poisoned.map((one) => [nameOfDead(one), one.how]));
  const deaths = firstsOf(letters.map((letter) => ({ id: `${letter.id} ${letter.diedAt}`, name: nameOfDead(letter) })));
  return [
    ...eachOnce(
      'dead letters',
      expected,
      deaths.map(({ name }) => name),
    ),
    ...poisoned.flatMap((one) => {
      const letter = letters.find(({ id }) => id === one.id);
      return judgeTries(one, letter?.attempts, tries.get(one.id) ?? NO_TRIES, limits);
    }),
  ];
}

interface Poisoned extends Poison {
  /** The message's. */
  readonly id: string;
  readonly how: 'must' | 'may';
}

const nameOfDead = ({ stage, id }: { readonly stage: Stage; readonly id: string }): string =>
  `message ${id} of ${stage}`;

/** A command is poison under the transfer's id, an entry under its own, if there is one. */
function poisonedMessages(asked: readonly Asked[], { publishedEntries }: Evidence): Poisoned[] {
  const entries = firstsOf(publishedEntries);
  return asked.flatMap(({ transfer, poison, outcome }): Poisoned[] => {
    if (poison === undefined) return [];
    if (poison.stage === 'source') return [{ ...poison, id: transfer, how: outcome === 'accepted' ? 'must' : 'may' }];
    return entries.filter((entry) => entry.transfer === transfer).map(({ id }) => ({ ...poison, id, how: 'must' }));
  });
}

/**
 * What fails is dead after exactly its tries, all of which came to be, but for those that a process did not live to come to.
 * What is refused is dead after one, unless that process did not live to bury it.
 */
function judgeTries(
  one: Poisoned,
  attempts: number | undefined,
  tries: Tries,
  { maxAttempts, interruptions }: Limits,
): Finding[] {
  const name = nameOfDead(one);
  const { tried, unreached, idle, counted, highest } = tries;
  if (tried > maxAttempts) {
    const fate = attempts === undefined ? 'is not dead' : `has ${attempts} attempts in its letter`;
    return [finding('doubled', `${name} was tried ${tried} times and ${fate}`)];
  }
  if (highest > counted) return [finding('doubled', `${name} was counted ${counted} times, and that made ${highest}`)];
  if (attempts === undefined) return [];
  const isRefused = one.kind === 'refused';
  const [least, most] = isRefused ? [1, Math.min(maxAttempts, 1 + interruptions)] : [maxAttempts, maxAttempts];
  const excused = Math.min(unreached, interruptions);
  const isReal = isRefused || (idle === 0 && tried + excused >= attempts);
  if (attempts >= least && attempts <= most && isReal) return [];
  const real = `really ${tried}, and ${excused} that a process did not live to come to`;
  return [finding('lost', `${name} is dead after ${attempts} attempts, ${real}`)];
}
