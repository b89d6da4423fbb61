import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';

/** Takes a request over into another lane; returns what leaves that one. Throws `overloaded` if it is full. */
export type ChangeLane = (lane: string) => () => void;

const changes = new WeakMap<IncomingMessage, ChangeLane>();

/** Lets the route of a request say which lane it belongs to: see `inLane`. */
export function offerLanes(req: IncomingMessage, change: ChangeLane): void {
  changes.set(req, change);
}

/**
 * A handler of requests that have a lane of their own, with its own limit and time. It is the route that tells them, not
 * the URL, which can be written in many ways. A request counts until the handler is done with it, whoever has hung up.
 */
export function inLane(lane: string, handle: (req: Request, res: Response) => Promise<void>): RequestHandler {
  return async (req, res) => {
    const change = changes.get(req);
    if (change === undefined) throw new Error('the request has passed no admission');
    const leave = change(lane);
    try {
      await handle(req, res);
    } finally {
      leave();
    }
  };
}
