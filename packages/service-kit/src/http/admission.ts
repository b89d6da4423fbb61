import { AlpesError } from '@alpes/messaging';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ProcessSettings } from '../config.js';
import type { Connections, Exchange } from './connections.js';
import { hangUp } from './hang-up.js';
import { offerLanes } from './in-lane.js';
import { LARGEST_BODY } from './json-body.js';
import { createLongLanes, type LongLanes } from './long-lanes.js';

export type Limits = Pick<ProcessSettings, 'MAX_IN_FLIGHT' | 'MAX_IN_FLIGHT_BYTES' | 'ANSWER_TIMEOUT_MS'>;

/** Each is limited by itself: reads that wait for a slow service keep no order out, and neither of them a probe. */
type Lane = 'probe' | 'read' | 'write';

/** Many times as many as probe and scrape us at once. */
const MOST_PROBES = 50;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets requests in, as many as there is room for. */
export interface Admission {
  /** Why a request is not let in; it is before anything of its body was read. */
  enter(req: IncomingMessage, res: ServerResponse): AlpesError | undefined;
  /** Hangs up on all who are in a long lane. */
  breakOff(): void;
}

interface Load {
  readonly most: number;
  requests: number;
  bytes: number;
}

/**
 * A request counts until its answer was made and taken: who hangs up early makes no room for another while his request is
 * still worked on. Who has not taken his answer within ANSWER_TIMEOUT_MS is hung up on.
 */
export function createAdmission(
  { MAX_IN_FLIGHT, MAX_IN_FLIGHT_BYTES, ANSWER_TIMEOUT_MS }: Limits,
  connections: Pick<Connections, 'whenOver'>,
  registry: Registry,
  longLanes: LongLanes = {},
): Admission {
  const load = (most: number): Load => ({ most, requests: 0, bytes: 0 });
  const loads = { probe: load(MOST_PROBES), read: load(MAX_IN_FLIGHT), write: load(MAX_IN_FLIGHT) };
  const long = createLongLanes(longLanes);
  const shed = meter(registry, { ...loads, ...long.loads });
  return {
    breakOff: long.breakOff,
    enter: (req, res) => {
      const name = laneOf(req);
      const lane = loads[name];
      const bytes = bodyBytes(req);
      const isFull = lane.requests >= lane.most;
      if (isFull || (bytes > 0 && lane.bytes + bytes > MAX_IN_FLIGHT_BYTES)) {
        shed.inc({ lane: name, limit: isFull ? 'requests' : 'bytes' });
        return overloaded();
      }
      lane.requests += 1;
      lane.bytes += bytes;
      const leave = once(() => {
        clearTimeout(late);
        lane.requests -= 1;
        lane.bytes -= bytes;
      });
      const late = setTimeout(() => {
        hangUp(req.socket);
        leave();
      }, ANSWER_TIMEOUT_MS);
      offerLanes(req, (to) => {
        const leaveThat = long.enter(req, to);
        if (leaveThat === undefined) {
          shed.inc({ lane: to, limit: 'requests' });
          throw overloaded();
        }
        leave();
        return leaveThat;
      });
      whenDone({ req, res }, connections, leave);
      return undefined;
    },
  };
}

const overloaded = (): AlpesError =>
  new AlpesError('overloaded', 'too much is under way; the request was not looked at, repeat it later');

function laneOf({ method = '', url = '' }: IncomingMessage): Lane {
  if (/^\/(health\/(live|ready)|metrics)(\?|$)/.test(url)) return 'probe';
  return READS.has(method) ? 'read' : 'write';
}

/** As many as the body may take up here; one whose length is not told may be as long as any. */
function bodyBytes({ headers }: IncomingMessage): number {
  const { 'content-length': length, 'transfer-encoding': coding, 'content-encoding': compression } = headers;
  if (length === undefined && coding === undefined) return 0;
  const isTold = length !== undefined && compression === undefined;
  return isTold ? Math.min(Number(length), LARGEST_BODY) : LARGEST_BODY;
}

/**
 * Calls back when an answer was made and nobody takes it any more; more than once perhaps. One whose headers are sent is
 * a stream, which ends with its connection.
 */
function whenDone(exchange: Exchange, connections: Pick<Connections, 'whenOver'>, callback: () => void): void {
  const { res } = exchange;
  const end = res.end.bind(res) as (...args: unknown[]) => ServerResponse;
  let [isMade, isOver] = [false, false];
  // It is the one thing that is always called, also where there is nobody any more to hear it.
  res.end = (...args: unknown[]) => {
    isMade = true;
    if (isOver) callback();
    return end(...args);
  };
  connections.whenOver(exchange, () => {
    isOver = true;
    if (isMade || res.headersSent) callback();
  });
}

function once(callback: () => void): () => void {
  let isCalled = false;
  return () => {
    if (!isCalled) callback();
    isCalled = true;
  };
}

/** Returns the counter of those that were not let in. */
function meter(registry: Registry, loads: Readonly<Record<string, Pick<Load, 'requests'>>>): Counter<'lane' | 'limit'> {
  const active = new Gauge({
    ...{ name: 'http_server_active_requests', help: 'Requests under way', labelNames: ['lane'], registers: [] },
    collect() {
      for (const [lane, { requests }] of Object.entries(loads)) this.set({ lane }, requests);
    },
  });
  registry.registerMetric(active);
  const shed = new Counter({
    ...{
      name: 'alpes_http_requests_shed_total',
      help: 'Requests that were answered 503 because too much was under way',
    },
    labelNames: ['lane', 'limit'] as const,
    registers: [registry],
  });
  // A series that begins with its first event shows no increase.
  for (const lane of Object.keys(loads)) for (const limit of ['requests', 'bytes']) shed.inc({ lane, limit }, 0);
  return shed;
}
