import { AlpesError, type Cause } from '@alpes/messaging';
import {
  answerStream,
  causeOf,
  inLane,
  jsonBody,
  LARGEST_BODY,
  type Logger,
  onlyMethods,
  validate,
} from '@alpes/service-kit';
import type { Request, RequestHandler, Response, Router } from 'express';
import { finished } from 'node:stream';
import type { NewOrder } from '../domain/order.js';
import type { Read } from '../use-cases/find-recent.js';
import { document } from './document.js';
import { decodeHeader } from './header-text.js';
import { orderSchema } from './order-schema.js';
import type { Report } from './reporting-client.js';
import { headers, type OrdersQuery, ordersQuery, params, reportQuery } from './request-schemas.js';

/** What the routes lead to. */
export interface UseCases {
  readonly acceptOrder: (request: { order: NewOrder; key: string | undefined; cause: Cause }) => Promise<string>;
  readonly findOrder: Read<unknown>;
  readonly findTimeline: Read<unknown>;
  readonly fetchReport: (format: string | undefined) => Read<Report>;
  readonly fetchReports: (query: OrdersQuery, cause: Cause) => Promise<Report>;
  readonly logger: Logger;
  /** See `answerStream`. */
  readonly stallMs: number;
}

/** The public routes. */
export function bffRoutes(useCases: UseCases) {
  return (router: Router): void => {
    router.use(requireDecodableUrl);
    router.route('/orders').post(jsonBody(LARGEST_BODY), postOrder(useCases)).all(onlyMethods('POST'));
    router.route('/orders/:id').get(getJson(useCases.findOrder)).all(onlyMethods('GET'));
    router.route('/orders/:id/saga').get(getJson(useCases.findTimeline)).all(onlyMethods('GET'));
    router.route('/report').get(getReport(useCases)).all(onlyMethods('GET'));
    router
      .route('/reports/orders')
      .get(inLane('export', getReports(useCases)))
      .all(onlyMethods('GET'));
    router.route('/openapi.json').get(getDocument).all(onlyMethods('GET'));
  };
}

const requireDecodableUrl: RequestHandler = (req, _res, next) => {
  try {
    decodeURIComponent(req.url);
  } catch (cause) {
    const message = 'has a % that begins no character of UTF-8';
    throw new AlpesError('invalid-input', `the URL ${message}`, { details: [{ path: 'url', message }], cause });
  }
  next();
};

const getDocument: RequestHandler = (_req, res) => {
  res.json(document);
};

function postOrder({ acceptOrder }: UseCases): RequestHandler {
  return async (req, res) => {
    const order = validate(orderSchema, req.body, 'body');
    const { 'idempotency-key': key } = validate(
      headers,
      { 'idempotency-key': decodeHeader(req.get('idempotency-key')) },
      'headers',
    );
    const orderId = await acceptOrder({ order, key, cause: causeOf(req) });
    res.status(202).location(`/orders/${orderId}`).json({ id: orderId, status: 'PENDING' });
  };
}

function getJson(find: Read<unknown>): RequestHandler {
  return async (req, res) => {
    const { id: orderId } = validate(params, req.params, 'params');
    res.json(await find(orderId, causeOf(req)));
  };
}

function getReport({ fetchReport, ...options }: UseCases): RequestHandler {
  return async (req, res) => {
    const { id: orderId, format } = validate(reportQuery, req.query, 'query');
    await send(await fetchReport(format)(orderId, causeOf(req)), res, options);
  };
}

function getReports({ fetchReports, ...options }: UseCases) {
  return async (req: Request, res: Response): Promise<void> => {
    const query = validate(ordersQuery, req.query, 'query');
    await send(await fetchReports(query, causeOf(req)), res, options);
  };
}

/** A report that nobody is there any more to take is asked for no longer. */
async function send(
  { headers, body }: Report,
  res: Response,
  options: Pick<UseCases, 'logger' | 'stallMs'>,
): Promise<void> {
  finished(res, () => body.destroy());
  await answerStream(body, res.set(headers), options);
}
