import { validate } from '@alpes/service-kit';
import type { Router } from 'express';
import { z } from 'zod';
import type { Order } from '../domain/order.js';

const params = z.object({ id: z.guid('must be a UUID').toLowerCase() });

/** Routes of the order service: for other parts of the platform, not for the public. */
export function orderRoutes({ findOrder }: { findOrder: (id: string) => Promise<Order> }) {
  return (router: Router): void => {
    router.get('/orders/:id', async (req, res) => {
      const { id } = validate(params, req.params, 'params');
      res.json(await findOrder(id));
    });
  };
}
