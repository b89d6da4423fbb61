import { type Cause, childTraceparent } from '@alpes/messaging';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const contexts = new WeakMap<IncomingMessage, Cause>();

/** Gives each request an id and a place in a trace: that of its `traceparent` header, else a new one. Both are answered. */
export function requestContext(req: IncomingMessage, res: ServerResponse, next: () => void): void {
  const id = randomUUID();
  const { traceparent: given } = req.headers;
  const traceparent = childTraceparent(typeof given === 'string' ? given : undefined);
  contexts.set(req, { id, correlationId: id, traceparent });
  res.setHeader('X-Request-Id', id);
  res.setHeader('Trace-Id', traceparent.slice(3, 35));
  next();
}

/** What the messages that a request leads to are caused by. */
export function causeOf(req: IncomingMessage): Cause {
  const context = contexts.get(req);
  if (context === undefined) throw new Error('the request has passed no requestContext');
  return context;
}
