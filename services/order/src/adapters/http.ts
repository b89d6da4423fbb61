import { onlyMethods, validate } from '@alpes/service-kit';
import type { Router } from 'express';
import { z } from 'zod';
import type { Order } from '../domain/order.js';

const params = z.object({ id: z.guid('must be a UUID').toLowerCase() });

/** Routes of the order service: for other parts of the platform, not for the public. */
export function orderRoutes({ findOrder }: { findOrder: (id: string) => Promise<Order> }) {
  return (router: Router): void => {
    router
      .route('/orders/:id')
      .get(async (req, res) => {
        const { id } = validate(params, req.params, 'params');
        res.json(await findOrder(id));
      })
      .all(onlyMethods('GET'));
  };
}
