/** What became of an order. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly id: string; readonly repeats: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly repeats: number };

/** What a run has come to so far. */
export interface Tally {
  readonly accepted: string[];
  /** How often orders failed, by reason. */
  readonly failures: Map<string, number>;
  /** Requests that were sent again. */
  repeated: number;
  /** Of accepted orders, from the moment each was due, in ms. */
  readonly latencies: number[];
  /** How long placing the orders has taken, in ms. */
  elapsedMs: number;
}

export function createTally(): Tally {
  return { accepted: [], failures: new Map(), repeated: 0, latencies: [], elapsedMs: 0 };
}

/** Adds an outcome that came `latencyMs` after its order was due, `elapsedMs` after the start. */
export function count(tally: Tally, outcome: Outcome, times: { latencyMs: number; elapsedMs: number }): void {
  tally.repeated += outcome.repeats;
  tally.elapsedMs = times.elapsedMs;
  if (outcome.kind === 'accepted') {
    tally.accepted.push(outcome.id);
    tally.latencies.push(times.latencyMs);
  } else {
    tally.failures.set(outcome.reason, (tally.failures.get(outcome.reason) ?? 0) + 1);
  }
}

export function failedOf({ failures }: Tally): number {
  return [...failures.values()].reduce((sum, number) => sum + number, 0);
}
