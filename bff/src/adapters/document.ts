import { header, jsonAnswer, jsonBodyOf, openApi, parameters, problems } from '@alpes/service-kit';
import { z } from 'zod';
import { acceptedAnswer, orderAnswer, reportAnswer, timelineAnswer } from './answer-schemas.js';
import { orderSchema } from './order-schema.js';
import { headers, ordersQuery, params, reportQuery } from './request-schemas.js';

const DESCRIPTION = `Takes orders and tells what became of them. Amounts are integers in minor units of the currency.

Whatever is wrong is answered with a problem document (RFC 9457). A path has no other methods than its own, HEAD where it
has GET, and OPTIONS: any other is 405, with \`Allow\`. A 503 means "not known": repeat it, an order with the same
\`Idempotency-Key\`.

What no schema says: the lines of an order must not add up to more than 9007199254740991, else it is 400.`;

const EXPORT = `Of the orders that were created from \`from\` (included) to \`to\` (excluded), in the order of their creation. It is sent
as it is read: an answer that ends before it is whole ends with its connection, without the last chunk.`;

const idOf = (operationId: string, name: string) => ({ operationId, parameters: { [name]: '$response.body#/id' } });

/** All that the public may ask, and what it is answered. Held to the routes by a test. */
export const document = openApi({
  ...{ title: 'Alpes', version: '1', description: DESCRIPTION },
  paths: {
    '/orders': {
      post: {
        ...{ operationId: 'placeOrder', summary: 'Places an order' },
        parameters: parameters('header', headers),
        requestBody: jsonBodyOf(orderSchema),
        responses: {
          202: jsonAnswer('the order is accepted: it will not be lost', acceptedAnswer, {
            headers: { Location: header('where the order is', z.string().regex(/^\/orders\/[0-9a-f-]{36}$/)) },
            links: {
              order: idOf('readOrder', 'path.id'),
              timeline: idOf('readTimeline', 'path.id'),
              report: idOf('readReport', 'query.id'),
            },
          }),
          ...problems('invalid-input', 'request-timeout', 'payload-too-large', 'unsupported-media-type'),
          ...problems('headers-too-large', 'idempotency-key-reused', 'overloaded', 'unavailable', 'conflict'),
        },
      },
    },
    '/orders/{id}': {
      get: {
        ...{ operationId: 'readOrder', summary: 'Reads an order' },
        parameters: parameters('path', params),
        responses: {
          200: jsonAnswer('the order', orderAnswer),
          ...problems('invalid-input', 'not-found', 'headers-too-large', 'overloaded', 'unavailable'),
        },
      },
    },
    '/orders/{id}/saga': {
      get: {
        ...{ operationId: 'readTimeline', summary: 'Reads the timeline of an order' },
        parameters: parameters('path', params),
        responses: {
          200: jsonAnswer('who did what, and which message caused it', timelineAnswer),
          ...problems('invalid-input', 'not-found', 'headers-too-large', 'overloaded', 'unavailable'),
        },
      },
    },
    '/report': {
      get: {
        ...{ operationId: 'readReport', summary: 'Reads the report of an order, in the format that is asked for' },
        parameters: parameters('query', reportQuery),
        responses: {
          200: report('the report', reportAnswer),
          ...problems('invalid-input', 'unsupported-format', 'not-found'),
          ...problems('headers-too-large', 'overloaded', 'unavailable'),
        },
      },
    },
    '/reports/orders': {
      get: {
        ...{ operationId: 'exportReports', summary: 'Exports the reports of many orders, as they are at one moment' },
        description: EXPORT,
        parameters: parameters('query', ordersQuery),
        responses: {
          200: report('the reports', z.array(reportAnswer)),
          ...problems('invalid-input', 'unsupported-format', 'headers-too-large', 'overloaded', 'unavailable'),
        },
      },
    },
    '/openapi.json': {
      get: {
        ...{ operationId: 'readDocument', summary: 'Reads this document' },
        responses: {
          200: jsonAnswer('OpenAPI 3.1', z.looseObject({ openapi: z.literal('3.1.0') })),
          ...problems('headers-too-large', 'overloaded'),
        },
      },
    },
  },
});

/** Which formats there are is the reporting service's business; these have a schema or need none. */
function report(what: string, schema: z.ZodType) {
  const { content, ...json } = jsonAnswer(what, schema, {
    headers: { 'Content-Disposition': header('its file name', z.string()) },
  });
  return { ...json, content: { ...(content as object), 'text/csv': { schema: { type: 'string' } } } };
}
