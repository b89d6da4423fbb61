import { Readable } from 'node:stream';
import type { Cause } from '@alpes/messaging';
import type { Read } from '../use-cases/find-recent.js';
import type { OrdersQuery } from './request-schemas.js';
import type { ServiceClient } from './service-client.js';

/** A report that may be long: its body comes as it is made. */
export interface Report {
  /** Content type and disposition. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

const PASSED_ON = ['content-type', 'content-disposition'];

/** Asks the reporting service. Which formats there are is its business. */
export interface ReportingClient {
  /** The report of one order. */
  readonly fetch: (format: string | undefined) => Read<Report>;
  /** The reports of many. */
  readonly fetchMany: (query: OrdersQuery, cause: Cause) => Promise<Report>;
}

export function reportingClient(service: ServiceClient): ReportingClient {
  const get = async (path: string, query: object, cause: Cause): Promise<Report> => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined) as [string, string][];
    const { headers, body } = await service.get(`${path}?${new URLSearchParams(given).toString()}`, cause);
    const passedOn = PASSED_ON.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    return {
      headers: Object.fromEntries(passedOn),
      body: body === null ? Readable.from([]) : Readable.fromWeb(body),
    };
  };
  return {
    fetch: (format) => (id, cause) => get(`/reports/${id}`, { format }, cause),
    fetchMany: (query, cause) => get('/reports/orders', query, cause),
  };
}
