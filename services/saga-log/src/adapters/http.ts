import { onlyMethods, validate } from '@alpes/service-kit';
import type { Router } from 'express';
import { z } from 'zod';
import type { Step } from '../domain/step.js';
import type { Saga } from '../use-cases/find-saga.js';

const params = z.object({ id: z.guid('must be a UUID').toLowerCase() });

/** Routes of the saga log: for other parts of the platform, not for the public. */
export function sagaRoutes({ findSaga }: { findSaga: (orderId: string) => Promise<Saga> }) {
  return (router: Router): void => {
    router
      .route('/orders/:id/saga')
      .get(async (req, res) => {
        const { id } = validate(params, req.params, 'params');
        const { orderId, traceId, steps, isCut } = await findSaga(id);
        res.json({ orderId, traceId, steps: steps.map(toJson), ...(isCut && { truncated: true }) });
      })
      .all(onlyMethods('GET'));
  };
}

function toJson({ at, service, message, state, detail, messageId, causationId }: Step): object {
  return { at, service, message, state, ...(detail !== '' && { detail }), messageId, causationId };
}
