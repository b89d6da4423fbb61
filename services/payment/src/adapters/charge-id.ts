import { v5 as uuidv5 } from 'uuid';

/** Namespace of the ids of transactions. */
const CHARGES = '6f0e8a52-3d0b-5f5c-9a7e-0c4b1d2e3f60';

/** Follows from the order, so that a database that was restored from a backup asks the gateway for the same charge again. */
export function chargeIdOf(orderId: string): string {
  return uuidv5(orderId, CHARGES);
}
