import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSystem, type System } from '../../start/whole-system.js';
import { databaseVariable } from '../../start/config.js';
import { databaseNames } from '../../start/system.js';
import type { Arguments } from '../arguments.js';
import { type Alarms, watchAlarms } from './alarms.js';
import { type Broker, openBroker } from './broker.js';
import { type Disk, openDisk } from './disk.js';
import { type Network, openNetwork } from './network.js';
import { type Postgres, startPostgres } from './postgres.js';

/** A whole system with all that can be done to it. */
export interface Site {
  readonly system: System;
  /** Undefined where there is no Prometheus on the PATH. */
  readonly alarms: Alarms | undefined;
  readonly postgres: Postgres;
  readonly broker: Broker;
  readonly network: Network;
  /** Holds PostgreSQL's data; undefined where it can't have a quota. */
  readonly disk: Disk | undefined;
  /** Where clients reach the BFF. */
  readonly url: string;
  /** A process that starts while there is a crash point in this file crashes there. */
  readonly crashPointFile: string;
  /** With this environment the tools of the repository find databases and broker by the straight way. */
  readonly straightEnv: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** Everything that handles messages runs twice, so that one takes over from the other. */
const SCALE = ['--scale', 'order=2,payment=2,reporting=2,saga-log=2'];

/** Starts it all, in an empty folder. What was opened is closed again should a part not start. */
export async function openSite(args: Pick<Arguments, 'broker'>, folder: string): Promise<Site> {
  const closing: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0).toReversed()) await one();
  };
  try {
    const network = await openNetwork();
    closing.push(network.close);
    const data = join(folder, 'postgres');
    const disk = openDisk(data);
    if (disk !== undefined) closing.push(disk.close);
    const postgres = await startPostgres(data);
    closing.push(postgres.stop);
    const broker = await openBroker({ ...args, folder, throwAway: true }, network, postgres);
    closing.push(broker.stop);
    const crashPointFile = join(folder, 'crash-point');
    writeFileSync(crashPointFile, '');
    const databases = await leadDatabases(network, postgres);
    const system = await startSystem({
      args: SCALE,
      env: { ...broker.env, ...databases, CRASH_POINT_FILE: crashPointFile, OUTAGE_MAX_MS: '1000' },
    });
    closing.push(system.dispose);
    const alarms = await watchAlarms(system.state());
    closing.push(async () => alarms?.stop());
    const url = await network.lead('clients', system.url);
    const straightEnv = { ...system.env, ...broker.straightEnv, ...variablesOf((name) => postgres.urls[name]) };
    return { system, alarms, postgres, broker, network, disk, url, crashPointFile, straightEnv, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function leadDatabases(network: Network, postgres: Postgres): Promise<Record<string, string>> {
  const led: Record<string, string> = {};
  for (const name of databaseNames) led[name] = await network.lead(name, postgres.urls[name]);
  return variablesOf((name) => led[name] ?? '');
}

function variablesOf(urlOf: (name: (typeof databaseNames)[number]) => string): Record<string, string> {
  return Object.fromEntries(databaseNames.map((name) => [databaseVariable(name), urlOf(name)]));
}
