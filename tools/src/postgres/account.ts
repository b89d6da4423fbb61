import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The operating system's user that PostgreSQL runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A place that every user can reach and that survives a restart of the machine. */
export const sharedFolder = '/var/tmp';

/** PostgreSQL refuses to run as root: then it runs as another user. Undefined: it runs as whoever we are. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = passwd();
  const find = (name: string): Account | undefined => accounts.find((account) => account.name === name);
  return find('postgres') ?? find('nobody') ?? { name: 'nobody', uid: 65_534, gid: 65_534 };
}

function passwd(): Account[] {
  try {
    return parsePasswd(readFileSync('/etc/passwd', 'utf8'));
  } catch {
    return [];
  }
}

/** The accounts in the text of /etc/passwd. */
export function parsePasswd(text: string): Account[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

/** The options of a child process that make it run as the account. */
export function identity(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}

/** Whether the account may pass through every folder down to `folder`, which exists. */
export function canReach(folder: string, account: Account | undefined): boolean {
  if (account === undefined) return true;
  for (let path = resolve(folder); ; path = dirname(path)) {
    const { mode, uid, gid } = statSync(path);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
