import type { Read } from '../use-cases/find-recent.js';
import type { ServiceClient } from './service-client.js';

/** Asks the saga log. */
export function sagaLogClient(service: ServiceClient): { findTimeline: Read<unknown> } {
  return { findTimeline: (id, cause) => service.getJson(`/orders/${id}/saga`, cause) };
}
