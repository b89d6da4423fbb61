import {
  createHttpServer,
  createLogger,
  createRegistry,
  jsonAnswer,
  jsonBody,
  jsonBodyOf,
  type OpenApi,
  openApi,
  problems,
} from '@alpes/service-kit';
import { z } from 'zod';

const named = z.strictObject({ name: z.string() });

const document = openApi({
  ...{ title: 'faulty', version: '1', description: '' },
  paths: {
    '/things': {
      post: {
        ...{ operationId: 'makeThing', summary: 'Makes a thing', requestBody: jsonBodyOf(named) },
        responses: {
          200: jsonAnswer('it', named),
          ...problems('invalid-input', 'payload-too-large', 'unsupported-media-type'),
        },
      },
    },
  },
});

/** A server with the usual faults: it trusts its input, knows no other methods, and answers other than it says. */
export async function startFaulty(): Promise<{ url: string; document: OpenApi; stop: () => Promise<void> }> {
  const server = createHttpServer({
    ...{ logger: createLogger('faulty', 'silent'), registry: createRegistry('faulty'), checks: {} },
    routes: (router) => {
      router.use(jsonBody(1_000));
      router.post('/things', (req, res) => {
        const { name } = req.body as { name: string };
        res.json(name.length > 3 ? { name: name.toUpperCase() } : { title: name });
      });
    },
  });
  const port = await server.listen('127.0.0.1', 0);
  return { url: `http://127.0.0.1:${port}`, document, stop: server.close };
}
