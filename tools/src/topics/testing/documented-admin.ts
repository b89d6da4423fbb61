import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../start/system.js';

/** A call of Pulsar's admin API. */
export interface AdminCall {
  readonly method: 'PUT' | 'POST';
  /** Below `/admin/v2/`. */
  readonly path: string;
  readonly body?: unknown;
}

/** A command of `pulsar-admin` as a page shows it, without the program's name. */
export interface AdminCommand {
  readonly line: string;
  readonly call: AdminCall;
}

/** Every command of `pulsar-admin` in docs/how-to/production.md that begins with `words`, as the call that it makes. */
export function documentedCommands(words: string): AdminCommand[] {
  const page = readFileSync(join(root, 'docs', 'how-to', 'production.md'), 'utf8');
  const lines = page.split('\n').map((line) => /^pulsar-admin (.*)$/.exec(line)?.[1] ?? '');
  return lines.filter((line) => line.startsWith(words)).map((line) => ({ line, call: callOf(line) }));
}

function callOf(line: string): AdminCall {
  const [group = '', command = '', place = '', ...rest] = line.split(' ');
  const options = new Map(rest.flatMap((word, at) => (word.startsWith('-') ? [[word, rest[at + 1] ?? '']] : [])));
  const option = (name: string): string => {
    const value = options.get(name);
    if (value === undefined) throw new Error(`${line}: no ${name}`);
    return value;
  };
  const topic = place.replace('://', '/');
  switch (`${group} ${command}`) {
    case 'tenants create':
      return {
        ...{ method: 'PUT', path: `tenants/${place}` },
        body: { adminRoles: option('--admin-roles').split(','), allowedClusters: ['standalone'] },
      };
    case 'topics grant-permission':
      return {
        ...{ method: 'POST', path: `${topic}/permissions/${option('--role')}` },
        body: option('--actions').split(','),
      };
    case 'namespaces grant-permission':
      return {
        ...{ method: 'POST', path: `namespaces/${place}/permissions/${option('--role')}` },
        body: option('--actions').split(','),
      };
    case 'namespaces grant-subscription-permission':
      return {
        ...{ method: 'POST', path: `namespaces/${place}/permissions/subscription/${option('--subscription')}` },
        body: option('--roles').split(','),
      };
    default:
      throw new Error(`what is "pulsar-admin ${line}"?`);
  }
}
