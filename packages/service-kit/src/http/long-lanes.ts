import type { IncomingMessage } from 'node:http';
import { hangUp } from './hang-up.js';

/** Of requests that take long, and much: they are told by their route, see `inLane`. */
export interface LongLane {
  readonly most: number;
  /** Longest time in ms until the answer is made and taken. */
  readonly answerTimeoutMs: number;
}

export type LongLanes = Readonly<Record<string, LongLane>>;

/** Counts those who are in each lane. */
interface Counted {
  /** By lane. */
  readonly loads: Readonly<Record<string, { readonly requests: number }>>;
  /** Returns what leaves the lane; undefined if it is full. */
  enter(req: IncomingMessage, lane: string): (() => void) | undefined;
  /** Hangs up on all who are in any of them. */
  breakOff(): void;
}

export function createLongLanes(lanes: LongLanes): Counted {
  const all = Object.entries(lanes).map(([name, limits]) => [name, { ...limits, requests: 0 }] as const);
  const loads: Readonly<Record<string, LongLane & { requests: number }>> = Object.fromEntries(all);
  const inside = new Set<IncomingMessage>();
  return {
    loads,
    enter: (req, name) => {
      const lane = loads[name];
      if (lane === undefined) throw new Error(`there is no lane "${name}"`);
      if (lane.requests >= lane.most) return undefined;
      lane.requests += 1;
      inside.add(req);
      const late = setTimeout(hangUp, lane.answerTimeoutMs, req.socket);
      return () => {
        clearTimeout(late);
        inside.delete(req);
        lane.requests -= 1;
      };
    },
    breakOff: () => inside.forEach(({ socket }) => hangUp(socket)),
  };
}
