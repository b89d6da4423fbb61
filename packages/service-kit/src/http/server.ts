import { AlpesError, shared, traceIdOf } from '@alpes/messaging';
import express, { type ErrorRequestHandler, type Express, Router } from 'express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Histogram, type Registry } from 'prom-client';
import { processSettings, type ProcessSettings } from '../config.js';
import type { Logger } from '../logging.js';
import { type Admission, createAdmission, type Limits } from './admission.js';
import { type Connections, keepConnections } from './connections.js';
import { standInFront } from './front.js';
import type { LongLanes } from './long-lanes.js';
import { onlyMethods } from './only-methods.js';
import { fromHttpError, toProblem } from './problem.js';
import { registerReadiness } from './ready-gauge.js';
import { answerRefusals } from './refusals.js';
import { causeOf, requestContext } from './request-context.js';
import { sendProblem } from './send-problem.js';

/** Something that a process can't do its work without: rejects while it is not there. */
export type Check = () => Promise<void>;

type HttpSettings = Limits &
  Pick<ProcessSettings, 'CHECK_TIMEOUT_MS' | 'REQUEST_TIMEOUT_MS' | 'MAX_CONNECTIONS' | 'GRACE_MS'>;

export interface HttpOptions {
  readonly logger: Logger;
  readonly registry: Registry;
  /** Asked by `/health/ready`, by name. */
  readonly checks: Readonly<Record<string, Check>>;
  readonly routes?: (router: Router) => void;
  /** Those that routes put requests into, by name. */
  readonly lanes?: LongLanes;
  /** Those that are absent have their defaults. */
  readonly settings?: Partial<HttpSettings>;
}

export interface HttpServer {
  /** Listens and returns the port. Rejects with `configuration` if the address is taken. */
  listen(host: string, port: number): Promise<number>;
  /**
   * Refuses new connections and waits for the requests under way; for those in long lanes, and those that are still being
   * sent, half of GRACE_MS.
   */
  close(): Promise<void>;
}

/** Seconds; those of the OpenTelemetry semantic conventions for HTTP. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** An HTTP server with health, metrics, problem documents and a trace for each request. */
export function createHttpServer(options: HttpOptions): HttpServer {
  return serve(createHttpApp(options), settingsOf(options), options);
}

const settingsOf = ({ settings }: HttpOptions): HttpSettings => ({ ...processSettings.parse({}), ...settings });

/** What such a server answers, without the server. */
export function createHttpApp(options: HttpOptions): Express {
  const { CHECK_TIMEOUT_MS } = settingsOf(options);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestContext);
  measureRequests(app, options.registry);
  addHealth(app, options.checks, CHECK_TIMEOUT_MS);
  registerReadiness(options.registry, options.checks);
  const metrics = shared(() => options.registry.metrics());
  app
    .route('/metrics')
    .get(async (_req, res) => {
      res.type(options.registry.contentType).send(await metrics());
    })
    .all(onlyMethods('GET'));
  if (options.routes !== undefined) {
    const router = Router();
    options.routes(router);
    app.use(router);
  }
  app.use((req) => {
    throw new AlpesError('not-found', `there is no ${req.method} ${req.path}`, {
      details: [{ path: 'url', message: 'no such route' }],
    });
  });
  app.use(problemHandler(options.logger));
  return app;
}

/**
 * How long in ms a connection is kept that nobody uses: longer than a gateway does (60 s in nginx and in AWS's load balancer), or
 * it sends a request into one that is just being closed.
 */
const KEEP_ALIVE_MS = 75_000;
/** How often in ms what is too slow is looked for. */
const SLOW_CHECK_MS = 1_000;

/** A slow client holds a connection for a bounded time only, and many of them hold up nobody else. */
function serve(app: Express, settings: HttpSettings, { registry, lanes }: HttpOptions): HttpServer {
  const { REQUEST_TIMEOUT_MS, MAX_CONNECTIONS } = settings;
  const server = createServer({
    ...{ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: Math.min(10_000, REQUEST_TIMEOUT_MS) },
    ...{ keepAliveTimeout: KEEP_ALIVE_MS, connectionsCheckingInterval: Math.min(SLOW_CHECK_MS, REQUEST_TIMEOUT_MS) },
    // Those in front say it with a problem document.
    requireHostHeader: false,
  });
  const connections = keepConnections(server, MAX_CONNECTIONS, registry);
  answerRefusals(server, connections);
  const admission = createAdmission(settings, connections, registry, lanes);
  standInFront(server, admission, app);
  return control({ server, connections, admission }, settings);
}

function measureRequests(app: Express, registry: Registry): void {
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
  app.use((req, res, next) => {
    const stop = duration.startTimer();
    res.once('close', () => {
      const route = (req.route as { path?: string } | undefined)?.path ?? 'none';
      stop({ method: req.method, route, status: String(res.statusCode) });
    });
    next();
  });
}

function addHealth(app: Express, checks: HttpOptions['checks'], timeoutMs: number): void {
  const outcomes = shared(() =>
    Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await outcomeOf(check, timeoutMs)] as const),
    ),
  );
  app
    .route('/health/live')
    .get((_req, res) => res.json({ status: 'live' }))
    .all(onlyMethods('GET'));
  app
    .route('/health/ready')
    .get(async (_req, res) => {
      const results = await outcomes();
      const ready = results.every(([, outcome]) => outcome === 'ok');
      const status = ready ? 'ready' : 'not ready';
      res.status(ready ? 200 : 503).json({ status, checks: Object.fromEntries(results) });
    })
    .all(onlyMethods('GET'));
}

async function outcomeOf(check: Check, timeoutMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      resolve(`no answer within ${timeoutMs} ms`);
    }, timeoutMs);
  });
  const outcome = check().then(
    () => 'ok',
    (error: unknown) => AlpesError.from(error).message,
  );
  return Promise.race([outcome, timeout]).finally(() => {
    clearTimeout(timer);
  });
}

function problemHandler(logger: Logger): ErrorRequestHandler {
  return (thrown, req, res, next) => {
    const error = fromHttpError(thrown);
    const traceId = traceIdOf(causeOf(req).traceparent);
    if (toProblem(error).status === 500)
      logger.error({ err: error, traceId, method: req.method, path: req.path }, 'request failed');
    if (res.headersSent) next(thrown);
    else sendProblem(req, res, error);
  };
}

interface Parts {
  readonly server: Server;
  readonly connections: Connections;
  readonly admission: Admission;
}

/** With Node's backlog of 511, who connects in a rush has his SYN dropped, and repeats it after 1, 3 and 7 s: probes too. */
function control({ server, connections, admission }: Parts, { MAX_CONNECTIONS, GRACE_MS }: HttpSettings): HttpServer {
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
          const text = error.code === 'EADDRINUSE' ? `port ${port} is taken; set PORT to another` : error.message;
          reject(new AlpesError('configuration', text, { cause: error }));
        });
        server.listen({ port, host, backlog: MAX_CONNECTIONS }, () => {
          resolve((server.address() as AddressInfo).port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        connections.sayGoodbye();
        // A connection that is kept alive becomes idle only after its last answer.
        const sweep = setInterval(() => {
          server.closeIdleConnections();
        }, 20);
        const late = setTimeout(() => {
          admission.breakOff();
          connections.breakOff();
        }, GRACE_MS / 2);
        server.close(() => {
          clearInterval(sweep);
          clearTimeout(late);
          resolve();
        });
      }),
  };
}
