import { AlpesError } from '@alpes/messaging';
import express, { type RequestHandler } from 'express';

/** Reads a JSON body of at most `limit` bytes; any other content type is refused. An empty body has no type. */
export function jsonBody(limit: number): RequestHandler[] {
  return [requireJson, express.json({ limit, strict: false })];
}

const requireJson: RequestHandler = (req, _res, next) => {
  if (req.get('content-length') === '0' || req.is('application/json') !== false) {
    next();
    return;
  }
  const message = `must be application/json (it is "${req.get('content-type') ?? ''}")`;
  const details = [{ path: 'headers.content-type', message }];
  next(new AlpesError('unsupported-media-type', `the content type ${message}`, { details }));
};
