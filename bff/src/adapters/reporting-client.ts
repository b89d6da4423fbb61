import { Readable } from 'node:stream';
import type { Read } from '../use-cases/find-recent.js';
import type { ServiceClient } from './service-client.js';

/** A report that may be long: its body comes as it is made. */
export interface Report {
  /** Content type and disposition. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

const PASSED_ON = ['content-type', 'content-disposition'];

/** Asks the reporting service. Which formats there are is its business. */
export function reportingClient(service: ServiceClient): { fetch: (format: string | undefined) => Read<Report> } {
  return {
    fetch: (format) => async (id, cause) => {
      const query = format === undefined ? '' : `?${new URLSearchParams({ format }).toString()}`;
      const { headers, body } = await service.get(`/reports/${id}${query}`, cause);
      const passedOn = PASSED_ON.flatMap((name) => {
        const value = headers.get(name);
        return value === null ? [] : [[name, value] as const];
      });
      return {
        headers: Object.fromEntries(passedOn),
        body: body === null ? Readable.from([]) : Readable.fromWeb(body),
      };
    },
  };
}
