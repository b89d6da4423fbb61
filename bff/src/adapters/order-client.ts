import type { Read } from '../use-cases/find-recent.js';
import type { ServiceClient } from './service-client.js';

/** Asks the order service. */
export function orderClient(service: ServiceClient): { find: Read<unknown> } {
  return { find: (id, cause) => service.getJson(`/orders/${id}`, cause) };
}
