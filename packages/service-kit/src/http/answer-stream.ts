import type { Response } from 'express';
import type { Logger } from '../logging.js';
import { sendStream } from './send-stream.js';

interface Options {
  readonly logger: Logger;
  /** See `sendStream`. */
  readonly stallMs: number;
}

/**
 * Answers with a body that may be long, or long in coming; HEAD without it. Once it has begun nothing else can be answered:
 * one that breaks off ends the connection, and is logged.
 */
export async function answerStream(
  body: AsyncIterable<string | Uint8Array>,
  res: Response,
  { logger, stallMs }: Options,
): Promise<void> {
  if (res.closed || res.req.method === 'HEAD') {
    res.end();
    return;
  }
  // It begins now, however long its first piece is waited for.
  res.flushHeaders();
  try {
    await sendStream(body, res, { stallMs });
  } catch (err) {
    logger.warn({ err }, 'an answer was broken off');
  }
}
