import type { SqlClient } from '@alpes/messaging';
import type { DatabaseClient, ReadModel } from '@alpes/service-kit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderOf, root, scalable, type Scalable } from '../start/system.js';

const fileOf = (service: Scalable): string => join(root, folderOf(service), 'dist', 'read-model.js');

/** The services whose tables are made of messages alone: those with a read-model.ts. */
export const rebuildable: readonly Scalable[] = scalable.filter((service) => existsSync(fileOf(service)));

export type AnyReadModel = ReadModel<SqlClient, DatabaseClient<SqlClient>>;

/** Of the service as it is compiled here. */
export async function loadReadModel(service: Scalable): Promise<AnyReadModel> {
  const { readModel } = (await import(pathToFileURL(fileOf(service)).href)) as { readModel: AnyReadModel };
  return readModel;
}
