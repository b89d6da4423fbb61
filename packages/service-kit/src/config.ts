import { AlpesError, checkCrashPoint, DEFAULT_PULSAR_SETTINGS, type ErrorDetail } from '@alpes/messaging';
import { z } from 'zod';
import { type Given, readEnvironment } from './environment.js';

/** A whole number of milliseconds, as an environment variable writes it. */
export const milliseconds = z.coerce.number().int().positive();
/** A whole number that counts something. */
export const count = z.coerce.number().int().positive();
/** A TCP port; 0 lets the system choose. */
export const port = z.coerce.number().int().min(0).max(65_535);
/** Where another part is reached over HTTP. */
export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });
/** A PostgreSQL connection URL. */
export const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' });

/** The name, passage and kind of a crash. */
const crashPoint = z.string().superRefine((setting, context) => {
  try {
    checkCrashPoint(setting);
  } catch (thrown) {
    context.addIssue({ code: 'custom', message: AlpesError.from(thrown).message });
  }
});

/** What every process reads. */
export const processSettings = z.object({
  HOST: z.string().default('127.0.0.1').describe('address that the HTTP server listens on'),
  PORT: port.default(0).describe('port of the HTTP server; 0 lets the system choose'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('least severe lines that are logged'),
  GRACE_MS: milliseconds.default(9_000).describe('longest time to finish what is in hand after SIGTERM'),
  REQUEST_TIMEOUT_MS: milliseconds.default(30_000).describe('longest time for a request to arrive whole'),
  ANSWER_TIMEOUT_MS: milliseconds
    .default(60_000)
    .describe('longest time for a request to be answered, and for the answer to be taken'),
  MAX_IN_FLIGHT: count
    .default(500)
    .describe('most requests under way that write, and most that read; those beyond are answered 503'),
  MAX_IN_FLIGHT_BYTES: count
    .default(16 * 1024 * 1024)
    .describe('most bytes of the bodies of requests under way; those beyond are answered 503'),
  MAX_CONNECTIONS: count
    .default(2_000)
    .describe('most connections of the HTTP server; beyond, the one that was idle for longest gives way'),
  CHECK_TIMEOUT_MS: milliseconds.default(3_000).describe('a check of /health/ready that takes longer has failed'),
  CRASH_POINT: crashPoint.optional().describe('for tests only: where the process is killed or frozen'),
});

export type ProcessSettings = z.infer<typeof processSettings>;

/** What every process with a broker reads. The last five are for Pulsar. */
export const brokerSettings = z.object({
  BROKER_URL: z
    .string()
    .min(1)
    .describe('the broker: embedded:postgresql://…; for Pulsar pulsar://…, pulsar+ssl://…, ws://… or wss://…'),
  BROKER_PARTITIONS: count.default(8).describe('partitions of a topic that is created'),
  BROKER_LEASE_MS: milliseconds
    .default(10_000)
    .describe(
      'after this time a consumer that stands still loses its partitions; in Pulsar that is for the broker to say',
    ),
  BROKER_POLL_MS: milliseconds.default(1_000).describe('longest wait for a message whose notification was lost'),
  LOG_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(
      'so long is kept what every subscription has acknowledged; 0 for ever, to be replayed. For Pulsar `npm run topics` reads it',
    ),
  CLEAN_EVERY_MS: milliseconds.default(60_000).describe('how often rows whose time is over are looked for'),
  BROKER_TOKEN: z.string().optional().describe('token (JWT) that tells Pulsar who we are, at both of its APIs'),
  BROKER_TLS_CA: z
    .string()
    .optional()
    .describe(
      'file (PEM) of the authorities that are trusted for pulsar+ssl://, wss:// and https://; by default those of Node',
    ),
  PULSAR_ADMIN_URL: httpUrl
    .optional()
    .describe(
      "Pulsar's admin API; by default at the broker's host and the WebSocket API's port, at 8080 for pulsar://, at 8443 for pulsar+ssl://",
    ),
  PULSAR_TENANT: z.string().default(DEFAULT_PULSAR_SETTINGS.tenant).describe('owner of the namespace in Pulsar'),
  PULSAR_NAMESPACE: z
    .string()
    .default(DEFAULT_PULSAR_SETTINGS.namespace)
    .describe('namespace in Pulsar that holds the topics'),
});

export type BrokerSettings = z.infer<typeof brokerSettings>;

/** What every process with a database reads. */
export const databaseSettings = z.object({
  DATABASE_URL: databaseUrl.describe("the process's own database"),
  DATABASE_POOL: count.default(8).describe('most connections to the database'),
  DATABASE_LOCK_TIMEOUT_MS: milliseconds
    .default(10_000)
    .describe('longest wait for a lock, and longest idle time within a transaction'),
});

/** What a process reads that hands out exports. */
export const exportSettings = z.object({
  MAX_EXPORTS: count.default(4).describe('most exports under way; those beyond are answered 503'),
  EXPORT_TIMEOUT_MS: milliseconds.default(300_000).describe('longest time for an export to be made and taken'),
  EXPORT_STALL_MS: milliseconds
    .default(30_000)
    .describe('a streamed answer of which nothing is taken for so long is broken off'),
});
export type ExportSettings = z.infer<typeof exportSettings>;

/** What every service reads beside. */
export const messagingSettings = z.object({
  BATCH_SIZE: count.default(200).describe('most messages of one transaction'),
  MAX_ATTEMPTS: count.default(5).describe('tries after which a message is dead'),
  RETRY_FIRST_MS: milliseconds.default(200).describe('delay before the second try; doubles with each'),
  RETRY_MAX_MS: milliseconds.default(30_000).describe('longest delay between two tries'),
  OUTAGE_MAX_MS: milliseconds.default(5_000).describe('longest delay between tries while database or broker is away'),
  TRANSACTION_TIMEOUT_MS: milliseconds
    .default(30_000)
    .describe('longest time of a transaction, and of the wait for it'),
  OUTBOX_STALLED_AFTER_SECONDS: count.default(30).describe('not ready while a message has waited longer in the outbox'),
  RELAY_LEASE_MS: milliseconds.default(10_000).describe('after this time a relay that stands still is replaced'),
  RELAY_POLL_MS: milliseconds.default(1_000).describe('longest wait for a commit whose notification was lost'),
  INBOX_RETENTION_DAYS: count
    .default(30)
    .describe('how long a message is known: longer than the broker may deliver it again, and than it may be redriven'),
  REDRIVE_HORIZON_DAYS: count
    .default(14)
    .describe('for so long after its death a message may be redriven; later it has to be forced'),
  MAX_REDRIVES: count
    .default(3)
    .describe('so often a message may be redriven; more often it has to be forced, for its cause is not mended'),
});

const horizons = messagingSettings.pick({ INBOX_RETENTION_DAYS: true, REDRIVE_HORIZON_DAYS: true });
type Horizons = z.infer<typeof horizons>;

/** All settings of a service. One that has more adds them with `safeExtend`, which keeps the rule. */
export const serviceSettings = z
  .object({
    ...processSettings.shape,
    ...brokerSettings.shape,
    ...databaseSettings.shape,
    ...messagingSettings.shape,
  })
  .refine((settings) => settings.INBOX_RETENTION_DAYS > settings.REDRIVE_HORIZON_DAYS, {
    path: ['INBOX_RETENTION_DAYS'],
    error: ({ input }) => `must exceed REDRIVE_HORIZON_DAYS, which is ${(input as Horizons).REDRIVE_HORIZON_DAYS}`,
    // Judged whatever else is wrong, once both can be read.
    when: ({ value }) => horizons.safeParse(value).success,
  });
export type ServiceSettings = z.infer<typeof serviceSettings>;

/**
 * Reads settings from the environment. Throws `configuration` with one message that lists everything that is wrong; an
 * empty variable counts as absent, and what is absent may be in the file that `<NAME>_FILE` names.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> {
  const { given, unreadable } = readEnvironment(env, Object.keys(schema.shape));
  const result = schema.safeParse(given);
  if (result.success && unreadable.length === 0) return result.data;
  const wrong = (result.error?.issues ?? []).map((issue) => detailOf(issue, given, env));
  const isUnread = ({ path }: ErrorDetail): boolean => unreadable.some((file) => file.path === `${path}_FILE`);
  const details = [...unreadable, ...wrong.filter((detail) => !isUnread(detail))];
  const lines = details.map(({ path, message }) => `  ${path}: ${message}`);
  throw new AlpesError('configuration', `the configuration is wrong:\n${lines.join('\n')}`, { details });
}

function detailOf(issue: z.core.$ZodIssue, given: Given['given'], env: NodeJS.ProcessEnv): ErrorDetail {
  const path = issue.path.join('.');
  const value = given[path];
  // A rule between settings may be broken by a default.
  if (value === undefined)
    return { path, message: issue.code === 'custom' ? issue.message : 'is required, but not set' };
  return { path, message: `${issue.message} (${toldOf(path, value, env)})` };
}

const SECRET = /URL|TOKEN|PASSWORD|SECRET|KEY/;

/** Who mixes up two settings, or two files, must not find the secret of one in the log: of what may be one, only how a URL begins. */
function toldOf(name: string, value: string, env: NodeJS.ProcessEnv): string {
  const isFromFile = !env[name];
  if (!isFromFile && !SECRET.test(name)) return `it is "${value}"`;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value)?.[0];
  return scheme === undefined ? 'what it is, is not shown' : `it begins with ${scheme}`;
}
