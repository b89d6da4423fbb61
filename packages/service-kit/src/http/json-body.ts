import { AlpesError } from '@alpes/messaging';
import express, { type RequestHandler } from 'express';
import { isUtf8 } from 'node:buffer';

/**
 * Most bytes of any body that is read. What passes this fits into a message, whose form is shorter than JSON; and
 * admission reckons with it where a request does not tell how long it is.
 */
export const LARGEST_BODY = 256 * 1024;

/**
 * Reads a JSON body of at most `limit` bytes, in UTF-8, as RFC 8259 has it; anything else is refused. An empty body has
 * no type.
 */
export function jsonBody(limit: number): RequestHandler[] {
  if (limit > LARGEST_BODY) throw new RangeError(`a body may have ${LARGEST_BODY} bytes at most`);
  return [requireJson, express.json({ limit, strict: false, verify: requireUtf8 })];
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

/** Decoding would put U+FFFD for what is no character: the body would be taken, and altered. */
function requireUtf8(_req: unknown, _res: unknown, body: Buffer, charset: string): void {
  const type = charset === 'utf-8' ? 'body.not.utf8' : 'charset.unsupported';
  if (charset !== 'utf-8' || !isUtf8(body)) throw Object.assign(new Error(type), { type });
}
