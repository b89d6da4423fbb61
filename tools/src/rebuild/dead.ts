import type { ReplayedDeath } from '@alpes/messaging';
import type { Database } from '../reconcile/database.js';

/** Which messages are dead in one of the databases or in both. */
export interface Dead {
  readonly both: number;
  /** Those that the live one has handled, or does not know any more. */
  readonly onlyRebuilt: readonly ReplayedDeath[];
  /** The ids of those that were handled here. */
  readonly onlyLive: readonly string[];
}

const DEAD = `SELECT message_id::text AS id FROM messaging.inbox WHERE subscription = $1 AND outcome <> 'done'`;
const DONE = `${DEAD.replace('<>', '=')} AND message_id = ANY ($2::uuid[]) ORDER BY id`;

interface Row {
  readonly id: string;
}

/** What is dead in the live database behind what was read here does not count. */
export async function compareDead(
  service: string,
  { live, rebuilt }: { readonly live: Database; readonly rebuilt: Database },
  deaths: readonly ReplayedDeath[],
): Promise<Dead> {
  const idsOf = async (database: Database): Promise<string[]> =>
    (await database.query<Row>(DEAD, [service])).map(({ id }) => id);
  const [there, here] = [await idsOf(live), new Set(await idsOf(rebuilt))];
  const stories = new Map(deaths.map((death) => [death.messageId, death]));
  const onlyRebuilt = [...here].filter((id) => !there.includes(id));
  return {
    both: here.size - onlyRebuilt.length,
    onlyRebuilt: onlyRebuilt.flatMap((id) => stories.get(id) ?? []),
    onlyLive: (await rebuilt.query<Row>(DONE, [service, there])).map(({ id }) => id),
  };
}
