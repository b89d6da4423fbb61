import { AlpesError } from '../../errors.js';
import { missingTopics } from '../../missing-topics.js';
import type { Topology } from '../../transport.js';
import type { Database } from './database.js';

/** A topic of the log. */
export interface Topic {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
}

const CREATE = `INSERT INTO log.topic (name, partitions) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`;
const FIND = `SELECT id, name, partitions FROM log.topic WHERE name = $1`;
const NAMES = `SELECT name FROM log.topic WHERE name = ANY ($1::text[])`;
const CREATE_PARTITIONS = `
  INSERT INTO log.partition (topic_id, number) SELECT $1, n FROM generate_series(0, $2::int - 1) AS n
  ON CONFLICT DO NOTHING`;
const CREATE_CURSORS = `
  INSERT INTO log.cursor (topic_id, subscription, partition) SELECT $1, s, n
  FROM unnest($2::text[]) AS s, generate_series(0, $3::int - 1) AS n ORDER BY s, n
  ON CONFLICT DO NOTHING`;

/** Creates what is missing; the number of partitions of a topic is fixed at its creation. */
export async function declareTopics(database: Database, topology: Topology, defaultPartitions: number): Promise<void> {
  await database.inTransaction(async (query) => {
    // In one order, whoever declares: two who declare at once wait for each other at most one way.
    const sorted = topology.toSorted((one, other) => (one.topic < other.topic ? -1 : 1));
    for (const { topic: name, subscriptions, partitions = defaultPartitions } of sorted) {
      await query(CREATE, [name, partitions]);
      const [topic] = await query<Topic>(FIND, [name]);
      if (topic?.partitions !== partitions) {
        const text = `topic ${name} has ${topic?.partitions} partitions, not ${partitions}; their number is fixed at creation`;
        throw new AlpesError('configuration', text);
      }
      await query(CREATE_PARTITIONS, [topic.id, partitions]);
      await query(CREATE_CURSORS, [topic.id, subscriptions, partitions]);
    }
  });
}

/** Rejects with `unavailable` unless all of them exist. */
export async function assertTopics(database: Database, names: readonly string[]): Promise<void> {
  const found = new Set((await database.query<{ name: string }>(NAMES, [names])).map(({ name }) => name));
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) throw missingTopics(missing);
}

/** Finds topics by name and remembers them: neither id nor number of partitions ever changes. */
export function createTopicLookup(database: Database): (name: string) => Promise<Topic> {
  const known = new Map<string, Topic>();
  return async (name) => {
    const topic = known.get(name) ?? (await database.query<Topic>(FIND, [name]))[0];
    if (topic === undefined) throw missingTopics([name]);
    known.set(name, topic);
    return topic;
  };
}
