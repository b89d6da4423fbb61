import { AlpesError, type DeadLetters } from '@alpes/messaging';
import type { RequestHandler, Router } from 'express';
import type { Logger } from '../logging.js';
import { dropBody, listQuery, params, redriveBody } from './dead-letter-schema.js';
import { jsonBody } from './json-body.js';
import { onlyMethods } from './only-methods.js';
import { validate } from './validate.js';

/** A thousand ids, with room. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * What an operator does with the dead letters of a service. Each answer is one page: it is asked again, with `next` as
 * `after`, until there is no `next`. For operators, not for the public: like health and metrics it has no authentication.
 */
export function deadLetterRoutes(deadLetters: DeadLetters, logger: Logger) {
  return (router: Router): void => {
    const body = jsonBody(MAX_BODY_BYTES);
    router.route('/dead-letters').get(getList(deadLetters)).all(onlyMethods('GET'));
    router.route('/dead-letters/redrive').post(body, postRedrive(deadLetters, logger)).all(onlyMethods('POST'));
    router.route('/dead-letters/drop').post(body, postDrop(deadLetters, logger)).all(onlyMethods('POST'));
    router.route('/dead-letters/:id').get(getOne(deadLetters)).all(onlyMethods('GET'));
  };
}

function getList(deadLetters: DeadLetters): RequestHandler {
  return async (req, res) => {
    const page = validate(listQuery, req.query, 'query');
    const { items: letters, ...rest } = await within('query', deadLetters.list(page));
    res.json({ letters, ...rest });
  };
}

function getOne(deadLetters: DeadLetters): RequestHandler {
  return async (req, res) => {
    const { id } = validate(params, req.params, 'params');
    res.json(await deadLetters.show(id));
  };
}

function postRedrive(deadLetters: DeadLetters, logger: Logger): RequestHandler {
  return async (req, res) => {
    const page = validate(redriveBody, req.body, 'body');
    const { items: results, ...rest } = await within('body', deadLetters.redrive(page));
    if (!page.dryRun) log(logger, 'redriven', results, page.force);
    res.json({ dryRun: page.dryRun, results, ...rest });
  };
}

function postDrop(deadLetters: DeadLetters, logger: Logger): RequestHandler {
  return async (req, res) => {
    const page = validate(dropBody, req.body, 'body');
    const { items: results, ...rest } = await within('body', deadLetters.drop(page));
    if (!page.dryRun) log(logger, 'dropped', results, false);
    res.json({ dryRun: page.dryRun, results, ...rest });
  };
}

/** Whoever asks later what became of a message finds it here. */
function log(logger: Logger, what: string, results: readonly { id: string; verdict: string }[], force: boolean): void {
  const messageIds = results.filter(({ verdict }) => verdict === 'redrive' || verdict === 'drop').map(({ id }) => id);
  if (messageIds.length > 0) logger.info({ messageIds, force }, `dead letters ${what}`);
}

/** Says of a wrong part of the input where it was. */
async function within<T>(place: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (!(thrown instanceof AlpesError) || thrown.code !== 'invalid-input') throw thrown;
    const details = thrown.details.map(({ path, message }) => ({ path: `${place}.${path}`, message }));
    throw new AlpesError('invalid-input', thrown.message, { details, cause: thrown });
  }
}
