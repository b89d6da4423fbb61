export { type BrokerWatch, connectBroker, pulsarSettings, watchBroker } from './broker.js';
export {
  type BrokerSettings,
  brokerSettings,
  count,
  databaseSettings,
  databaseUrl,
  type ExportSettings,
  exportSettings,
  httpUrl,
  messagingSettings,
  milliseconds,
  port,
  processSettings,
  readConfig,
  serviceSettings,
  type ServiceSettings,
} from './config.js';
export { checkDatabase, postgresAdapter } from './database.js';
export { answerStream } from './http/answer-stream.js';
export { inLane } from './http/in-lane.js';
export { jsonBody, LARGEST_BODY } from './http/json-body.js';
export type { LongLanes } from './http/long-lanes.js';
export { onlyMethods } from './http/only-methods.js';
export {
  header,
  jsonAnswer,
  jsonBodyOf,
  type OpenApi,
  openApi,
  parameters,
  type Paths,
  problems,
} from './http/openapi.js';
export { fromNotAfterTo, ONCE, ordersFilter } from './http/orders-filter.js';
export { type Problem, toProblem } from './http/problem.js';
export { causeOf } from './http/request-context.js';
export { type Check, createHttpApp, createHttpServer, type HttpServer } from './http/server.js';
export { validate } from './http/validate.js';
export { type RunningProcess, runProcess } from './lifecycle.js';
export { createLogger, type Logger } from './logging.js';
export { type ReadModel, type ReadModelTable, replayService } from './read-model.js';
export {
  type App,
  type DatabaseClient,
  type ServiceContext,
  type ServiceOptions,
  startService,
  type Worker,
} from './service.js';
export { createGauge, createRegistry } from './telemetry.js';
