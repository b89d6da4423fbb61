import { type Cause, childTraceparent } from '@alpes/messaging';
import { randomUUID } from 'node:crypto';

/** A request from outside as the cause of a message, in a trace of its own. */
export function aRequest(): Cause {
  const id = randomUUID();
  return { id, correlationId: id, traceparent: childTraceparent() };
}
