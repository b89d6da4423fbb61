import type { ReceivedMessage, Transport } from '@alpes/messaging';

/** Of a message whose key is out of order: which one it is, and what came before it. */
export type Disorder = string;

type Arrival = Pick<ReceivedMessage, 'topic' | 'key' | 'properties'>;

/**
 * Looks whether, on one topic, what a source says of a key arrived as it came about: by the versions of the aggregate, or,
 * where there are none, by the times. A message that is published again counts where it was first.
 */
export function createOrderJudge(): { add(message: Arrival): void; readonly disorders: readonly Disorder[] } {
  const seen = new Set<string>();
  const latest = new Map<string, number>();
  const disorders: Disorder[] = [];
  return {
    disorders,
    add: ({ topic, key, properties }) => {
      const { ce_id: id, ce_source: source, ce_aggregateversion: version, ce_time: time } = properties;
      if (seen.has(`${topic} ${id}`)) return;
      seen.add(`${topic} ${id}`);
      const name = `${topic} ${source} ${key}`;
      const rank = Number(version ?? Date.parse(time ?? ''));
      const before = latest.get(name);
      if (before !== undefined && rank < before) disorders.push(`${name}: ${rank} behind ${before}`);
      latest.set(name, Math.max(rank, before ?? rank));
    },
  };
}

const PAGE = 1_000;

/** Reads the whole topics, and tells what of each key is out of order. */
export async function disordersOn(
  broker: Transport,
  topics: readonly string[],
): Promise<{ messages: number; disorders: readonly Disorder[] }> {
  const judge = createOrderJudge();
  let messages = 0;
  for (const topic of topics) {
    for (let after: string | undefined; ;) {
      const page = await broker.browse(topic, { limit: PAGE, ...(after !== undefined && { after }) });
      for (const message of page) judge.add(message);
      messages += page.length;
      after = page.at(-1)?.position;
      if (after === undefined) break;
    }
  }
  return { messages, disorders: judge.disorders };
}
