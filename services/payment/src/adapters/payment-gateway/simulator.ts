import { AlpesError } from '@alpes/messaging';
import { count, databaseUrl, milliseconds, readConfig } from '@alpes/service-kit/config';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ChargeRequest, GatewayAnswer, PaymentGateway } from '../../domain/payment-gateway.js';
import { type ChargeLedger, openChargeLedger } from './charge-ledger.js';

const share = z.coerce.number().min(0).max(1);

/** What the simulator reads. */
export const simulatorSettings = z.object({
  GATEWAY_DATABASE_URL: databaseUrl.describe("the simulator's books of what it has charged"),
  GATEWAY_DATABASE_POOL: count.default(8).describe('most connections to that database'),
  SIMULATOR_APPROVAL_RATE: share.default(0.9).describe('share of the orders that are approved'),
  SIMULATOR_LATENCY_MS: z.coerce.number().int().min(0).default(0).describe('time that every call takes'),
  SIMULATOR_FAULT: z
    .enum(['none', 'down', 'slow', 'answers-twice', 'answer-lost'])
    .default('none')
    .describe('what goes wrong on purpose'),
  SIMULATOR_FAULT_RATE: share.default(1).describe('share of the orders that the fault hits'),
  SIMULATOR_SLOW_MS: milliseconds.default(2_000).describe('time that a call takes beside, with the fault "slow"'),
});
export type SimulatorSettings = z.infer<typeof simulatorSettings>;

const REASONS = ['insufficient funds', 'card expired', 'card blocked', 'suspected fraud'] as const;

/** What becomes of an order here is written in its id: it is the same in every process and at every try. */
export function decide({ orderId, idempotencyKey, amount }: ChargeRequest, approvalRate: number): GatewayAnswer {
  if (amount === 0 || fraction('outcome', orderId) < approvalRate) {
    return { outcome: 'approved', reference: `sim-${idempotencyKey}` };
  }
  const index = Math.floor(fraction('reason', orderId) * REASONS.length);
  return { outcome: 'rejected', reason: REASONS[index] ?? REASONS[0] };
}

/** The fault that hits an order. */
export function faultOf(orderId: string, settings: SimulatorSettings): SimulatorSettings['SIMULATOR_FAULT'] {
  return fraction('fault', orderId) < settings.SIMULATOR_FAULT_RATE ? settings.SIMULATOR_FAULT : 'none';
}

/** A number from 0 to below 1, the same for the same question. */
function fraction(question: string, orderId: string): number {
  return createHash('sha256').update(`${question} ${orderId}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** The simulator with the books that the environment names. */
export function openSimulator(env: NodeJS.ProcessEnv): PaymentGateway {
  const settings = readConfig(simulatorSettings, env);
  return createSimulator(settings, openChargeLedger(settings.GATEWAY_DATABASE_URL, settings.GATEWAY_DATABASE_POOL));
}

/** A gateway that takes no money but keeps books as if it did, and that can fail in the ways that real ones do. */
export function createSimulator(settings: SimulatorSettings, ledger: ChargeLedger): PaymentGateway {
  return {
    close: () => ledger.close(),
    charge: async (request, answer) => {
      const fault = faultOf(request.orderId, settings);
      if (fault === 'down') throw new AlpesError('unavailable', 'the gateway is down');
      const latency = settings.SIMULATOR_LATENCY_MS + (fault === 'slow' ? settings.SIMULATOR_SLOW_MS : 0);
      // There and back: a caller may be gone before the charge, or after it.
      await travel(latency / 2, request.signal);
      const charge = await ledger.book(request, decide(request, settings.SIMULATOR_APPROVAL_RATE));
      await travel(latency / 2, request.signal);
      if (fault === 'answer-lost' && charge.calls === 1) {
        throw new AlpesError('unavailable', 'the answer of the gateway was lost');
      }
      const copies = fault === 'answers-twice' ? 2 : 1;
      await Promise.all(Array.from({ length: copies }, () => answer(charge.answer)));
    },
  };
}

async function travel(ms: number, signal: AbortSignal): Promise<void> {
  try {
    signal.throwIfAborted();
    if (ms > 0) await delay(ms, undefined, { signal });
  } catch (error) {
    throw new AlpesError('unavailable', 'the call was given up', { cause: error });
  }
}
