import { deadLetters, describe, orderOf } from './dead-letters.js';
import { type Collector, createCollector, type Finding, type Kind } from './findings.js';
import { judge } from './judge.js';
import type { Ledger } from './ledger.js';
import { byOrder } from './merge.js';
import { openSystem, type OpenSystem } from './open-system.js';
import type { Places } from './places.js';
import { type Remainder, untilQuiet } from './quiet.js';

/** What was found. */
export interface Verdict {
  /** Whether nothing is wrong. */
  readonly ok: boolean;
  /** `accepted`: orders of the ledger; `checked`: orders that anybody knows; `fine`: those with which nothing is wrong. */
  readonly counts: Readonly<Record<'accepted' | 'checked' | 'fine' | Kind, number>>;
  readonly findings: readonly Finding[];
}

export interface ReconcileOptions {
  readonly places: Places;
  readonly ledger: Ledger;
  readonly waitMs: number;
  /** How many findings of each kind are told; all are counted. */
  readonly mostOfEachKind: number;
  /** Told, at each look, of what is waited for. */
  readonly onWait: (remains: readonly Remainder[]) => void;
}

/** How long between two looks, in ms. */
const pollMs = 200;

/**
 * Waits until a system is at rest and holds together all that it has of each order. Reads only. Rejects with
 * `unavailable` if a database or the broker can't be asked.
 */
export async function reconcile(options: ReconcileOptions): Promise<Verdict> {
  const system = await openSystem(options.places);
  try {
    return await judgeSystem(system, options);
  } finally {
    await system.close();
  }
}

async function judgeSystem(system: OpenSystem, options: ReconcileOptions): Promise<Verdict> {
  const { ledger, waitMs, mostOfEachKind, onWait } = options;
  const { frozen, findings } = await untilQuiet({ ...system, waitMs, pollMs, onWait });
  const collector = createCollector(mostOfEachKind);
  collector.add([...ledger.findings, ...findings]);
  const dead = await collectDeadLetters(system, collector);
  let checked = 0;
  let fine = 0;
  for await (const facts of byOrder(frozen, ledger.ids)) {
    const deadIn = dead.get(facts.orderId) ?? [];
    const found = judge(facts, deadIn);
    collector.add(found);
    checked += 1;
    if (found.length === 0 && deadIn.length === 0) fine += 1;
  }
  const ok = Object.values(collector.counts).every((count) => count === 0);
  const counts = { accepted: ledger.ids.length, checked, fine, ...collector.counts };
  return { ok, counts, findings: collector.kept() };
}

/** The dead-letter topics that have a message of an order, by its id. */
async function collectDeadLetters({ cemetery }: OpenSystem, collector: Collector): Promise<Map<string, string[]>> {
  const dead = new Map<string, string[]>();
  for await (const letter of deadLetters(cemetery)) {
    collector.add([describe(letter)]);
    const orderId = orderOf(letter);
    if (orderId === undefined) continue;
    const topics = dead.get(orderId) ?? [];
    if (!topics.includes(letter.topic)) dead.set(orderId, [...topics, letter.topic]);
  }
  return dead;
}
