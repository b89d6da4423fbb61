/** What can be wrong after a run; `unsettled`: it did not come to its end, or not by itself. */
export const KINDS = ['lost', 'doubled', 'disordered', 'unsettled'] as const;
export type Kind = (typeof KINDS)[number];

export interface Finding {
  readonly kind: Kind;
  readonly text: string;
}

export function finding(kind: Kind, text: string): Finding {
  return { kind, text };
}

/** How many there are of a kind. */
export function countOf(kind: Kind, findings: readonly Finding[]): number {
  return findings.filter((one) => one.kind === kind).length;
}

/**
 * Compares what should be there with what is, by name. `must`: once. `may`: at most once, for nobody knows whether it
 * was accepted. What is there and not expected has no cause: that is one effect too many.
 */
export function eachOnce(
  what: string,
  expected: ReadonlyMap<string, 'must' | 'may'>,
  found: readonly string[],
): Finding[] {
  const counts = new Map<string, number>();
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  const missing = [...expected].filter(([name, how]) => how === 'must' && !counts.has(name));
  return [
    ...missing.map(([name]) => finding('lost', `${what}: ${name} is missing`)),
    ...[...counts].flatMap(([name, count]) => {
      if (!expected.has(name)) return [finding('doubled', `${what}: ${name} is there without a cause`)];
      return count > 1 ? [finding('doubled', `${what}: ${name} is there ${count} times`)] : [];
    }),
  ];
}

/** Something numbered within its key. */
export interface Numbered {
  readonly account: string;
  readonly number: number;
}

/** Says of each that comes behind a larger number of its key. */
export function inOrder(what: string, list: readonly Numbered[]): Finding[] {
  const last = new Map<string, number>();
  return list.flatMap(({ account, number }) => {
    const before = last.get(account) ?? 0;
    last.set(account, Math.max(before, number));
    return number > before ? [] : [finding('disordered', `${what}: ${account} ${number} comes behind ${before}`)];
  });
}

/** The first of each id, in their order: what is published again is no second message. */
export function firstsOf<T extends { readonly id: string }>(list: readonly T[]): T[] {
  const known = new Set<string>();
  return list.filter(({ id }) => !known.has(id) && known.add(id));
}
