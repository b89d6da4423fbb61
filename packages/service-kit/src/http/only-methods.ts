import { AlpesError } from '@alpes/messaging';
import type { RequestHandler } from 'express';

/**
 * Refuses every method on a path but those that its routes before have handled: the last handler of a path, as in
 * `router.route('/orders').post(…).all(onlyMethods('POST'))`. OPTIONS is answered with the methods.
 */
export function onlyMethods(...methods: readonly string[]): RequestHandler {
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (req, res) => {
    res.set('Allow', allowed);
    if (req.method === 'OPTIONS') {
      res.status(204).end();
      return;
    }
    const message = `${req.method} is not allowed on ${req.path}; allowed: ${allowed}`;
    throw new AlpesError('method-not-allowed', message, { details: [{ path: 'method', message }] });
  };
}
