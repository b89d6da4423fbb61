import { AlpesError } from '@alpes/messaging';
import { type BrokerSettings, brokerSettings, readConfig } from '@alpes/service-kit';
import { databaseUrlsIn, databaseVariable } from '../start/config.js';
import { readState, type SystemState } from '../start/state-file.js';
import type { Owner } from './sources.js';

/** Where a system keeps what it knows. */
export interface Places<Name extends Owner = Owner> {
  readonly databases: Readonly<Record<Name, string>>;
  readonly broker: BrokerSettings;
}

/**
 * Finds those that are wanted in the environment (`DATABASE_URL_ORDER`, …, `BROKER_URL` and what belongs to it), and for what is not there in the file in which a
 * system that `npm start` has started tells of itself. Throws `configuration` if one is in neither.
 */
export function findPlaces<Name extends Owner>(
  dataDir: string,
  env: NodeJS.ProcessEnv,
  wanted: readonly Name[],
): Places<Name> {
  const told: Partial<SystemState> = readState(dataDir) ?? {};
  const given = databaseUrlsIn(env);
  const databases = wanted.map((owner) => [owner, given[owner] ?? told.databases?.[owner]] as const);
  const brokerUrl = ownBroker(readConfig(brokerUrlAlone, env).BROKER_URL) ?? told.brokerUrl;
  const missing = [
    ...databases.filter(([, url]) => url === undefined).map(([owner]) => databaseVariable(owner)),
    ...(brokerUrl === undefined ? ['BROKER_URL'] : []),
  ];
  if (missing.length === 0) {
    const broker = readConfig(brokerSettings, { ...env, BROKER_URL: brokerUrl });
    return { databases: Object.fromEntries(databases) as Places<Name>['databases'], broker };
  }
  const text = `no system is known in ${dataDir}: start it (npm start), name its folder (--data-dir DIR), or set ${missing.join(', ')}`;
  throw new AlpesError('configuration', text);
}

const brokerUrlAlone = brokerSettings.pick({ BROKER_URL: true }).partial();

/** `embedded:` alone stands for the system's own PostgreSQL, wherever that is. */
const ownBroker = (url: string | undefined): string | undefined => (url === 'embedded:' ? undefined : url);
