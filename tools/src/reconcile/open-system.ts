import { catalogue } from '@alpes/contracts';
import { AlpesError, type Transport } from '@alpes/messaging';
import { connectBroker } from '@alpes/service-kit';
import { type Database, openDatabase } from './database.js';
import type { Cemetery, Fate } from './dead-letters.js';
import type { Rows } from './facts.js';
import { lookAround } from './look.js';
import type { Pager, Pagers } from './merge.js';
import type { Places } from './places.js';
import type { Look } from './quiet.js';
import { type Owner, owners, sources } from './sources.js';

/** Everything that can be asked of a system. */
export interface OpenSystem {
  readonly look: () => Promise<Look>;
  readonly freeze: () => Promise<Pagers>;
  readonly thaw: () => Promise<void>;
  readonly cemetery: Cemetery;
  readonly close: () => Promise<void>;
}

type Databases = Readonly<Record<Owner, Database>>;

/** Connects to all databases, twice, and to the broker; rejects with `unavailable` that names all that are not there. */
export async function openSystem({ databases: urls, broker }: Places): Promise<OpenSystem> {
  const transport = connectBroker(broker);
  const opened: Database[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled([...opened.map((database) => database.close()), transport.close()]);
  };
  const open = async (): Promise<Databases> => {
    const entries = owners.map(async (owner) => {
      const database = await openDatabase(owner, urls[owner]);
      opened.push(database);
      return [owner, database] as const;
    });
    await settled(entries);
    return Object.fromEntries(await Promise.all(entries)) as Databases;
  };
  try {
    const connections = [open(), open()] as const;
    await settled([...connections, answering(transport)]);
    const [{ gateway: _, ...databases }, frozen] = await Promise.all(connections);
    return {
      look: () => lookAround({ databases, transport, contracts: catalogue.contracts }),
      freeze: () => freezeAll(frozen),
      thaw: async () => {
        await Promise.all(Object.values(frozen).map((database) => database.thaw()));
      },
      cemetery: { transport, contracts: catalogue.contracts, fates: fatesIn(databases) },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits for all, so that nothing is opened behind the back of who closes, and tells of all that failed. */
async function settled(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).filter((result) => result.status === 'rejected');
  const reasons = new Set(failed.map(({ reason }) => AlpesError.from(reason).message));
  if (reasons.size > 0) throw new AlpesError('unavailable', [...reasons].join('\n'), { cause: failed[0]?.reason });
}

async function answering(transport: Transport): Promise<void> {
  try {
    await transport.check();
  } catch (error) {
    throw new AlpesError('unavailable', `Can't reach the broker: ${AlpesError.from(error).message}`, { cause: error });
  }
}

async function freezeAll(databases: Databases): Promise<Pagers> {
  const freeze = <Table extends keyof Rows>(table: Table): Promise<Pager<Rows[Table]>> => {
    const { owner, sql } = sources[table];
    return databases[owner].freeze<Rows[Table]>(sql);
  };
  const [orders, transactions, charges, reports, steps] = await Promise.all([
    freeze('orders'),
    freeze('transactions'),
    freeze('charges'),
    freeze('reports'),
    freeze('steps'),
  ]);
  return { orders, transactions, charges, reports, steps };
}

const FATES = `
  SELECT message_id::text AS id, outcome, redrive FROM messaging.inbox
  WHERE subscription = $1 AND message_id = ANY ($2::uuid[])`;

/** A service's subscription has the service's name, and its inbox is in the service's database. */
function fatesIn(databases: Readonly<Record<string, Database>>): Cemetery['fates'] {
  return async (subscription, messageIds) => {
    const rows = await databases[subscription]?.query<Fate & { id: string }>(FATES, [subscription, messageIds]);
    return new Map(rows?.map(({ id, ...fate }) => [id, fate]));
  };
}
