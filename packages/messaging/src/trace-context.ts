import { randomBytes } from 'node:crypto';

/** Shape of a W3C `traceparent` (https://www.w3.org/TR/trace-context/), version 00. */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const ZEROS = /^0+$/;

/** The trace id of a traceparent, 32 hex digits; undefined if it is not one. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  const [, traceId, spanId] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  return traceId === undefined || spanId === undefined || ZEROS.test(traceId) || ZEROS.test(spanId)
    ? undefined
    : traceId;
}

/** A new span in the trace of `parent`; in a new trace if that is absent or is no traceparent. */
export function childTraceparent(parent?: string): string {
  const traceId = traceIdOf(parent) ?? randomBytes(16).toString('hex');
  return `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
}
