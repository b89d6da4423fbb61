import { createHttpServer, createLogger, createRegistry } from '@alpes/service-kit';
import type { Router } from 'express';

/** A small server that plays another part of the platform. */
export interface TestService {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startTestService(routes: (router: Router) => void): Promise<TestService> {
  const logger = createLogger('test', 'silent');
  const server = createHttpServer({ logger, registry: createRegistry('test'), checks: {}, routes });
  const port = await server.listen('127.0.0.1', 0);
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}
