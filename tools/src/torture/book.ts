/** What happened in one second. */
export interface Sample {
  /** Orders that the client was told are accepted. */
  accepted: number;
  /** Orders that the report shows at their end. */
  finished: number;
  /** Orders that were accepted and are not finished, at the end of the second. */
  open: number;
  /** Longest time in ms from accepted to finished, of those that finished. */
  slowest: number;
}

/** What is known of every order; `now` is in ms since the beginning. */
export function createBook(now: () => number) {
  /** When each order that is not finished was accepted. A map keeps the order in which they came. */
  const open = new Map<string, number>();
  const samples: Sample[] = [];
  const latencies: number[] = [];
  let lastThrough = -1;
  const current = (): Sample => {
    const second = Math.floor(now() / 1_000);
    while (samples.length <= second) samples.push({ accepted: 0, finished: 0, open: open.size, slowest: 0 });
    return samples[second] as Sample;
  };
  const close = (id: string, sample: Sample): void => {
    const acceptedAt = open.get(id);
    if (acceptedAt === undefined) return;
    open.delete(id);
    lastThrough = Math.max(lastThrough, acceptedAt);
    latencies.push(now() - acceptedAt);
    sample.finished += 1;
    sample.slowest = Math.max(sample.slowest, now() - acceptedAt);
  };
  return {
    ...{ samples, latencies },
    accept: (ids: readonly string[]) => {
      const sample = current();
      for (const id of ids) open.set(id, now());
      sample.accepted += ids.length;
      sample.open = open.size;
    },
    finish: (ids: readonly string[]) => {
      const sample = current();
      for (const id of ids) close(id, sample);
      sample.open = open.size;
    },
    oldest: (most: number) => [...open.keys()].slice(0, most),
    isThrough: (since: number) => lastThrough > since && (open.values().next().value ?? Infinity) > since,
  };
}
