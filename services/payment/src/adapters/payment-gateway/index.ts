import type { z } from 'zod';
import type { PaymentGateway } from '../../domain/payment-gateway.js';
import { openSimulator, simulatorSettings } from './simulator.js';

/** A gateway that a process can be told to use. */
interface GatewayMember {
  /** Its environment variables. */
  readonly settings: z.ZodObject;
  /** Throws `configuration` if they are wrong; does not wait for the gateway. */
  readonly open: (env: NodeJS.ProcessEnv) => PaymentGateway;
}

/** The gateways, by the name that the variable GATEWAY has. */
export const gateways = {
  simulator: { settings: simulatorSettings, open: openSimulator },
} satisfies Record<string, GatewayMember>;

export type GatewayName = keyof typeof gateways;
export const gatewayNames = Object.keys(gateways) as [GatewayName, ...GatewayName[]];
