import { count, milliseconds, readConfig, serviceSettings } from '@alpes/service-kit/config';
import { z } from 'zod';
import { gatewayNames, gateways } from './adapters/payment-gateway/index.js';

/** What payment reads beside what every service reads. */
const paymentSettings = serviceSettings.safeExtend({
  GATEWAY: z.enum(gatewayNames).default('simulator').describe('who takes the money'),
  GATEWAY_TIMEOUT_MS: milliseconds.default(10_000).describe('longest wait for an answer of the gateway'),
  PAYMENT_CONCURRENCY: count.default(100).describe('most calls of the gateway at a time'),
  PAYMENT_LEASE_MS: milliseconds
    .default(30_000)
    .describe('after this time a worker that stands still is replaced; more than twice GATEWAY_TIMEOUT_MS'),
  PAYMENT_POLL_MS: milliseconds.default(500).describe('longest wait for work that another replica noted'),
  PAYMENT_RETRY_FIRST_MS: milliseconds.default(500).describe('delay before the second call; doubles with each'),
  PAYMENT_RETRY_MAX_MS: milliseconds.default(30_000).describe('longest delay between two calls'),
});
export type PaymentSettings = z.infer<typeof paymentSettings>;

const shapes = gatewayNames.map((name) => gateways[name].settings.shape);
/** What payment may read, whichever gateway is chosen. */
export const settings = z.object(Object.assign({}, paymentSettings.shape, ...shapes) as z.ZodRawShape);

/**
 * All settings, checked together with those of the chosen gateway; throws `configuration` with everything that is wrong.
 */
export function readSettings(env: NodeJS.ProcessEnv): PaymentSettings {
  const name = gatewayNames.find((known) => known === env['GATEWAY']) ?? 'simulator';
  const schema = paymentSettings.safeExtend(gateways[name].settings.shape);
  return readConfig(schema.refine(isLeaseLonger, leaseRule), env);
}

const { PAYMENT_LEASE_MS, GATEWAY_TIMEOUT_MS } = paymentSettings.shape;
const times = z.object({ PAYMENT_LEASE_MS, GATEWAY_TIMEOUT_MS });
type Times = z.infer<typeof times>;

/**
 * A lease that ends while its call is still awaited makes others call too: harmless, and a waste. Before its own call one
 * may wait for a place until another's is over.
 */
const isLeaseLonger = (settings: Times): boolean => settings.PAYMENT_LEASE_MS > 2 * settings.GATEWAY_TIMEOUT_MS;

/** Judged whatever else is wrong, once both times can be read. */
const leaseRule = {
  path: ['PAYMENT_LEASE_MS'],
  error: ({ input }: { input?: unknown }) =>
    `must be more than twice GATEWAY_TIMEOUT_MS, which is ${(input as Times).GATEWAY_TIMEOUT_MS}`,
  when: ({ value }: { value: unknown }) => times.safeParse(value).success,
};
