import { answerStream, inLane, type Logger, onlyMethods, validate } from '@alpes/service-kit';
import type { Request, Response, Router } from 'express';
import type { ReportFilter } from '../domain/report-store.js';
import type { Export } from '../use-cases/export-report.js';
import { ordersQuery, params, reportQuery } from './request-schemas.js';

/** What the routes lead to. */
export interface UseCases {
  readonly exportReport: (id: string, format: string) => Promise<Export>;
  readonly exportOrders: (filter: ReportFilter, format: string, signal: AbortSignal) => Promise<Export>;
  readonly logger: Logger;
  /** See `answerStream`. */
  readonly stallMs: number;
}

/** Routes of the reporting service: for other parts of the platform, not for the public. */
export function reportRoutes(useCases: UseCases) {
  return (router: Router): void => {
    router
      .route('/reports/orders')
      .get(inLane('export', getOrders(useCases)))
      .all(onlyMethods('GET'));
    router.route('/reports/:id').get(getReport(useCases)).all(onlyMethods('GET'));
  };
}

function getOrders({ exportOrders, ...options }: UseCases) {
  return async (req: Request, res: Response): Promise<void> => {
    const { format, ...filter } = validate(ordersQuery, req.query, 'query');
    const over = new AbortController();
    res.once('close', () => over.abort());
    await send(await exportOrders(filter, format, over.signal), res, options);
  };
}

function getReport({ exportReport, ...options }: UseCases) {
  return async (req: Request, res: Response): Promise<void> => {
    const { id } = validate(params, req.params, 'params');
    const { format } = validate(reportQuery, req.query, 'query');
    await send(await exportReport(id, format), res, options);
  };
}

function send(
  { fileName, contentType, body }: Export,
  res: Response,
  options: Pick<UseCases, 'logger' | 'stallMs'>,
): Promise<void> {
  return answerStream(body, res.attachment(fileName).type(contentType), options);
}
