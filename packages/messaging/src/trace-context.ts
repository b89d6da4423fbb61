import { randomFillSync } from 'node:crypto';

/**
 * Shape of a W3C `traceparent` (https://www.w3.org/TR/trace-context/): version, trace id, span id, flags. Versions after
 * 00 may add fields; ff is no version.
 */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;
const SAMPLED = 1;

/** The trace id of a traceparent, 32 hex digits; undefined if it is not one. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return parse(traceparent)?.traceId;
}

/** A new span in the trace of `parent`, sampled if that is; in a new trace, sampled, if that is absent or none. */
export function childTraceparent(parent?: string): string {
  const { traceId, sampled } = parse(parent) ?? { traceId: randomHex(16), sampled: true };
  return `00-${traceId}-${randomHex(8)}-${sampled ? '01' : '00'}`;
}

/** Drawn many at a time: a single draw costs more than all that is done with it. */
const randomness = Buffer.alloc(4_096);
let drawn = randomness.length;

function randomHex(bytes: number): string {
  if (drawn + bytes > randomness.length) {
    randomFillSync(randomness);
    drawn = 0;
  }
  drawn += bytes;
  return randomness.toString('hex', drawn - bytes, drawn);
}

function parse(traceparent: string | undefined): { traceId: string; sampled: boolean } | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (version === undefined || ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}
