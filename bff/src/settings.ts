import {
  brokerSettings,
  count,
  databaseSettings,
  exportSettings,
  httpUrl,
  milliseconds,
  port,
  processSettings,
  readConfig,
} from '@alpes/service-kit/config';
import { z } from 'zod';

/** What the BFF reads. */
export const settings = z.object({
  ...processSettings.shape,
  ...brokerSettings.shape,
  ...databaseSettings.shape,
  ...exportSettings.shape,
  PORT: port.default(3_000).describe('port of the public HTTP server; 0 lets the system choose'),
  ORDER_URL: httpUrl.describe('where the order service is'),
  REPORTING_URL: httpUrl.describe('where the reporting service is'),
  SAGA_LOG_URL: httpUrl.describe('where the saga log is'),
  PUBLISH_TIMEOUT_MS: milliseconds.default(5_000).describe("longest wait for the broker's, or the database's, word"),
  QUERY_TIMEOUT_MS: milliseconds.default(2_000).describe("longest wait for another service's answer"),
  READ_WAIT_MS: milliseconds.default(2_000).describe('longest wait for what was accepted a moment ago'),
  IDEMPOTENCY_TTL_HOURS: count.default(24).describe('how long an Idempotency-Key stands for its order'),
});
export type BffSettings = z.infer<typeof settings>;

/** All settings of the BFF; throws `configuration` with everything that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): BffSettings {
  return readConfig(settings, env);
}
