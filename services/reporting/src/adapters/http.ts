import { onlyMethods, validate } from '@alpes/service-kit';
import type { Router } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Export } from '../use-cases/export-report.js';

const params = z.object({ id: z.guid('must be a UUID').toLowerCase() });
const query = z.object({ format: z.string('must be given once').default('csv') });

/** Routes of the reporting service: for other parts of the platform, not for the public. */
export function reportRoutes({ exportReport }: { exportReport: (id: string, format: string) => Promise<Export> }) {
  return (router: Router): void => {
    router
      .route('/reports/:id')
      .get(async (req, res) => {
        const { id } = validate(params, req.params, 'params');
        const { format } = validate(query, req.query, 'query');
        const { fileName, contentType, body } = await exportReport(id, format);
        res.attachment(fileName).type(contentType);
        await pipeline(Readable.from(body), res).catch(ignoreHangUp);
        res.end();
      })
      .all(onlyMethods('GET'));
  };
}

/** A client that does not wait for the end has no use for an error. */
function ignoreHangUp(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
