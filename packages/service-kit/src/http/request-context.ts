import { type Cause, childTraceparent, traceIdOf } from '@alpes/messaging';
import type { Request, RequestHandler } from 'express';
import { randomUUID } from 'node:crypto';

const contexts = new WeakMap<Request, Cause>();

/** Gives each request an id and a place in a trace: that of its `traceparent` header, else a new one. Both are answered. */
export const requestContext: RequestHandler = (req, res, next) => {
  const id = randomUUID();
  const traceparent = childTraceparent(req.get('traceparent'));
  contexts.set(req, { id, correlationId: id, traceparent });
  res.set('X-Request-Id', id);
  res.set('Trace-Id', traceIdOf(traceparent));
  next();
};

/** What the messages that a request leads to are caused by. */
export function causeOf(req: Request): Cause {
  const context = contexts.get(req);
  if (context === undefined) throw new Error('the request has passed no requestContext');
  return context;
}
