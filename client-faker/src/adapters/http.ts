import { causeOf, jsonBody, onlyMethods, validate } from '@alpes/service-kit';
import type { RequestHandler, Router } from 'express';
import { z } from 'zod';
import { MAX_SEED } from '../domain/random-orders.js';
import type { PlacedOrder } from '../use-cases/place-random-orders.js';

interface UseCases {
  readonly placeRandomOrders: (count: number, seed: number, traceparent: string) => Promise<readonly PlacedOrder[]>;
  readonly randomSeed: () => number;
}

const MAX_BODY_BYTES = 1_024;
const MAX_COUNT = 100;

const body = z.strictObject(
  {
    count: z.int(`must be an integer from 1 to ${MAX_COUNT}`).min(1).max(MAX_COUNT).default(1),
    seed: z.int(`must be an integer from 0 to ${MAX_SEED}`).min(0).max(MAX_SEED).optional(),
  },
  'must be a JSON object',
);

/** The one route: makes random orders and places them. */
export function fakerRoutes(useCases: UseCases) {
  return (router: Router): void => {
    router.route('/orders').post(jsonBody(MAX_BODY_BYTES), postOrders(useCases)).all(onlyMethods('POST'));
  };
}

function postOrders({ placeRandomOrders, randomSeed }: UseCases): RequestHandler {
  return async (req, res) => {
    const { count, seed = randomSeed() } = validate(body, req.body === undefined ? {} : req.body, 'body');
    const orders = await placeRandomOrders(count, seed, causeOf(req).traceparent);
    res.status(202).json({ seed, orders });
  };
}
