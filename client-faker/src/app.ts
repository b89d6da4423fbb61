import type { App } from '@alpes/service-kit';
import { randomInt, randomUUID } from 'node:crypto';
import { bffClient } from './adapters/bff-client.js';
import { fakerRoutes } from './adapters/http.js';
import { MAX_SEED } from './domain/random-orders.js';
import { placeRandomOrders } from './use-cases/place-random-orders.js';

/** All that the process does; what `npm run faker` does is in run-faker.ts. */
export function createApp({ bffUrl }: { bffUrl: string }): Required<Pick<App<never>, 'routes' | 'checks'>> {
  const bff = bffClient(bffUrl);
  return {
    routes: fakerRoutes({
      placeRandomOrders: placeRandomOrders({ bff, newRun: randomUUID }),
      randomSeed: () => randomInt(MAX_SEED),
    }),
    checks: { bff: bff.check },
  };
}
