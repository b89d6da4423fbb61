import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { canReach, serverAccount, sharedFolder, type Account } from './account.js';
import { findBinaries, type Binaries } from './binaries.js';

/** Where one cluster keeps what. */
export interface Place {
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  /** PostgreSQL's data folder. */
  readonly data: string;
  /** The folder that holds it. */
  readonly parent: string;
  readonly passwordFile: string;
  readonly portFile: string;
  readonly logFile: string;
  /** Whether `parent` is another folder than the one that was asked for. */
  readonly moved: boolean;
  /** Said once at start: why the data is not where one would look for it. */
  readonly note: string | undefined;
}

/** The cluster of a folder, which is made when it is missing. */
export function placeOf(folder: string): Place {
  mkdirSync(folder, { recursive: true });
  const account = serverAccount();
  const reachable = canReach(folder, account);
  const parent = reachable ? folder : movedFolder(folder);
  if (!reachable) makeMoved(parent);
  return {
    account,
    binaries: findBinaries(account),
    data: join(parent, 'data'),
    parent,
    passwordFile: join(folder, 'superuser-password'),
    portFile: join(folder, 'port'),
    logFile: join(folder, 'server.log'),
    moved: !reachable,
    note: reachable
      ? undefined
      : `${folder} can't be reached by the user ${account?.name ?? ''}, so its data is in ${parent}`,
  };
}

function movedFolder(folder: string): string {
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 16);
  return join(sharedFolder, `alpes-data-${name}`);
}

function makeMoved(parent: string): void {
  mkdirSync(parent, { recursive: true });
  const owner = statSync(parent).uid;
  if (owner !== process.getuid?.()) throw new Error(`${parent} belongs to another user (${owner}): remove it`);
  chmodSync(parent, 0o755);
}
