import { AlpesError } from '@alpes/messaging';
import { createHttpServer, createLogger, createRegistry, jsonBody } from '@alpes/service-kit';
import { randomUUID } from 'node:crypto';

/** A small server that plays the BFF: it remembers keys, and has bad moments. */
export interface TestBff {
  readonly url: string;
  readonly port: number;
  /** Every body that was accepted, by the order's id. */
  readonly orders: Map<string, unknown>;
  /** Keys in the order in which they came. */
  readonly keys: string[];
  /** Decides whether a request has a bad moment: called with the number of requests so far. */
  misbehave: (request: number) => AlpesError | undefined;
  status: (id: string) => string;
  stop(): Promise<void>;
}

export async function startTestBff(): Promise<TestBff> {
  const orders = new Map<string, unknown>();
  const ids = new Map<string, string>();
  const bff = { orders, keys: [] as string[], misbehave: (_request: number) => undefined, status: () => 'APPROVED' };
  const state: Pick<TestBff, 'orders' | 'keys' | 'misbehave' | 'status'> = bff;
  const server = createHttpServer({
    ...{ logger: createLogger('test', 'silent'), registry: createRegistry('test'), checks: {} },
    routes: (router) => {
      router.post('/orders', ...jsonBody(100_000), (req, res) => {
        const key = req.get('idempotency-key') ?? '';
        state.keys.push(key);
        const id = ids.get(key) ?? randomUUID();
        const error = state.misbehave(state.keys.length);
        if (error !== undefined) throw error;
        ids.set(key, id);
        orders.set(id, req.body);
        res.status(202).json({ id, status: 'PENDING' });
      });
      router.get('/orders/:id', (req, res) => {
        res.json({ id: req.params.id, status: state.status(req.params.id) });
      });
    },
  });
  const port = await server.listen('127.0.0.1', 0);
  return Object.assign(state, { port, url: `http://127.0.0.1:${port}`, stop: () => server.close() });
}

/** What the BFF answers while it is not known whether an order was accepted. */
export const unavailable = () => new AlpesError('unavailable', 'it is not known');

/** What it answers to a wrong order. */
export const refused = () =>
  new AlpesError('invalid-input', 'wrong', { details: [{ path: 'body.lines', message: 'is wrong' }] });
