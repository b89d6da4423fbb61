import { ERROR_CODES, type ErrorCode, LARGEST_PAGE, LETTER_STATES } from '@alpes/messaging';
import { jsonAnswer, jsonBodyOf, type OpenApi, openApi, parameters, type Paths, problems } from '@alpes/service-kit';
import { z } from 'zod';

// What only other parts of the platform and operators ask. Nobody is given these documents: they are for the attack.

/** Of a service with dead letters, of which this is one. */
export const lettersDocument = (messageId: string): OpenApi => documentOf(letters(messageId));

/** Of a service that knows this order, which it tells of at this path. */
export const queryDocument = (path: string, orderId: string): OpenApi => documentOf(query(path, orderId));

/** Without what every process has, which is attacked at the BFF. */
function documentOf(own: Paths): OpenApi {
  const { paths, ...document } = openApi({ title: 'internal', version: '1', description: '', paths: own });
  return { ...document, paths: Object.fromEntries(Object.entries(paths).filter(([path]) => path in own)) };
}

const idLike = (example: string) => z.object({ id: z.guid().meta({ examples: [example] }) });

function query(path: string, orderId: string): Paths {
  const format = z.object({ format: z.enum(['csv', 'json']).optional() });
  const { content, ...answer } = jsonAnswer('it', z.looseObject({ id: z.guid().optional() }));
  return {
    [path]: {
      get: {
        ...{ operationId: 'read', summary: 'Reads what is known of an order' },
        parameters: [
          ...parameters('path', idLike(orderId)),
          ...(path.startsWith('/reports') ? parameters('query', format) : []),
        ],
        responses: {
          200: { ...answer, content: { ...(content as object), 'text/csv': { schema: { type: 'string' } } } },
          ...problems('invalid-input', 'unsupported-format', 'not-found'),
        },
      },
    },
  };
}

const time = z.string().meta({ format: 'date-time' });
const limit = z.int().min(1).max(LARGEST_PAGE);
const reasons = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];
const selection = {
  ...{ topic: z.string().optional(), reason: z.enum(reasons).optional(), limit: limit.optional() },
  ...{ from: time.optional(), to: time.optional(), after: z.string().optional() },
};
const flag = z.boolean().optional();
const body = { ...selection, ids: z.array(z.guid()).min(1).optional(), all: flag, dryRun: flag };
const letter = z.looseObject({ id: z.guid(), topic: z.string(), state: z.enum(LETTER_STATES) });
const judged = z.strictObject({
  ...{ dryRun: z.boolean(), next: z.string().optional() },
  results: z.array(letter.extend({ verdict: z.string(), why: z.string() })),
});

function letters(messageId: string): Paths {
  const listQuery = z.object({
    ...selection,
    id: z.array(z.guid()).optional(),
    state: z.array(z.enum(LETTER_STATES)).optional(),
  });
  return {
    '/dead-letters': {
      get: {
        ...{ operationId: 'listLetters', summary: 'Lists dead letters', parameters: parameters('query', listQuery) },
        responses: {
          200: jsonAnswer('a page', z.strictObject({ letters: z.array(letter), next: z.string().optional() })),
          ...problems('invalid-input'),
        },
      },
    },
    '/dead-letters/{id}': {
      get: {
        ...{ operationId: 'showLetter', summary: 'Shows a dead letter' },
        parameters: parameters('path', idLike(messageId)),
        responses: { 200: jsonAnswer('it', letter), ...problems('invalid-input', 'not-found') },
      },
    },
    '/dead-letters/redrive': { post: change('redriveLetters', z.strictObject({ ...body, force: flag })) },
    '/dead-letters/drop': { post: change('dropLetters', z.strictObject(body)) },
  };
}

function change(operationId: string, asked: z.ZodType) {
  return {
    ...{ operationId, summary: 'Changes what becomes of messages', requestBody: jsonBodyOf(asked) },
    responses: {
      200: jsonAnswer('what became of them', judged),
      ...problems('invalid-input', 'payload-too-large', 'unsupported-media-type'),
    },
  };
}

/** Of the process that makes orders up. */
export function fakerDocument(): OpenApi {
  const asked = z.strictObject({
    count: z.int().min(1).max(100).optional(),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .optional(),
  });
  const placed = z.strictObject({ id: z.guid(), status: z.string() });
  return documentOf({
    '/orders': {
      post: {
        ...{ operationId: 'makeOrders', summary: 'Makes random orders and places them' },
        requestBody: { ...jsonBodyOf(asked), required: false },
        responses: {
          202: jsonAnswer('those that were placed', z.strictObject({ seed: z.int(), orders: z.array(placed) })),
          ...problems('invalid-input', 'payload-too-large', 'unsupported-media-type', 'unavailable'),
        },
      },
    },
  });
}
