import { AlpesError } from '../../errors.js';
import type { Inspector } from '../../inspector.js';
import { missingTopics } from '../../missing-topics.js';
import type { Admin } from './admin.js';
import { extents, hasAcknowledged } from './extents.js';

/**
 * What the admin API tells of topics. It counts entries, which are messages as long as nobody publishes in batches;
 * and it counts what is stored, which is all that was ever published as long as nothing is dropped.
 */
export function createInspector(admin: Admin): Omit<Inspector, 'browse'> {
  const partitions = async (topic: string): Promise<number> => {
    const found = await admin.partitions(topic);
    if (found === undefined) throw missingTopics([topic]);
    if (found === 0) throw new AlpesError('configuration', `topic ${topic} has no partitions: it was not made by us`);
    return found;
  };
  const endPositions = async (topic: string): Promise<bigint[]> => admin.entries(topic, await partitions(topic));
  return {
    partitions,
    endPositions,
    extents: async (topic) => extents(admin, topic, await partitions(topic)),
    hasAcknowledged: (topic, subscription, ends) => hasAcknowledged(admin, topic, subscription, ends),
    backlog: async (topic, subscription) => {
      const backlog = await admin.backlog(topic, subscription);
      if (backlog !== undefined) return backlog;
      return Number((await endPositions(topic)).reduce((sum, entries) => sum + entries, 0n));
    },
    unattended: async (topic, subscription) => (await partitions(topic)) - (await admin.attended(topic, subscription)),
  };
}
