import { AlpesError } from '../../errors.js';
import { type Ask, parse } from './http.js';
import { namespacePath, type Place } from './names.js';

/** What is asked of the admin API about the namespace as a whole. */
export interface NamespaceAdmin {
  /** Resolves if the namespace is there. */
  checkNamespace(): Promise<void>;
  /** Creates tenant and namespace if they are missing. Who may not make tenants needs one that exists. */
  createNamespace(): Promise<void>;
  /** Removes the namespace, if it is there, with all that is in it; whoever uses its topics is thrown out. */
  removeNamespace(): Promise<void>;
  /** Sets policies of the namespace by their names. */
  setPolicies(policies: Readonly<Record<string, unknown>>): Promise<void>;
}

export function connectNamespace(ask: Ask, place: Place): NamespaceAdmin {
  const name = namespacePath(place);
  const path = `/admin/v2/namespaces/${name}`;
  const create = () => ask('PUT', path, JSON.stringify({}));
  /** As they are written in a path; undefined if there is no such namespace. */
  const topics = async (): Promise<string[] | undefined> => {
    const found = parse(await ask('GET', `/admin/v2/persistent/${name}/partitioned`), 404) as string[] | undefined;
    return found?.map((topic) => topic.slice(topic.lastIndexOf('/') + 1));
  };
  return {
    checkNamespace: async () => {
      if ((await topics()) !== undefined) return;
      throw new AlpesError('unavailable', `Pulsar has no namespace ${name}; declare its topics first`);
    },
    createNamespace: async () => {
      if ((await ask('GET', path)).status !== 404) return;
      if ((await create()).status === 404) await createTenant(ask, place.tenant);
      parse(await create(), 409);
    },
    removeNamespace: async () => {
      for (const topic of (await topics()) ?? []) {
        parse(await ask('DELETE', `/admin/v2/persistent/${name}/${topic}/partitions?force=true`), 404);
      }
      parse(await ask('DELETE', path), 404);
    },
    setPolicies: async (policies) => {
      for (const [policy, value] of Object.entries(policies)) {
        parse(await ask('POST', `${path}/${policy}`, JSON.stringify(value)));
      }
    },
  };
}

async function createTenant(ask: Ask, tenant: string): Promise<void> {
  const allowedClusters = parse(await ask('GET', '/admin/v2/clusters'));
  const body = JSON.stringify({ adminRoles: [], allowedClusters });
  parse(await ask('PUT', `/admin/v2/tenants/${encodeURIComponent(tenant)}`, body), 409);
}
