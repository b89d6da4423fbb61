import type { Finding } from '../findings.js';
import type { Owner } from '../sources.js';
import { sampleOrder } from './sample-orders.js';
import type { SampleSystem } from './sample-system.js';

/** The orders of the system in which the faults are made. */
export const paid = sampleOrder('paid', 'APPROVED');
export const refused = sampleOrder('refused', 'REJECTED');
export const bystander = sampleOrder('bystander', 'APPROVED');

/** What has to be found. */
export interface Expected {
  readonly problem: Finding['problem'];
  /** Part of the explanation. */
  readonly says: string;
  /** Absent where no order is concerned. */
  readonly orderId?: string;
}

/** Something that goes wrong, and what has to be found then: that and nothing else. */
export interface Fault {
  readonly name: string;
  readonly make: (system: SampleSystem) => Promise<void>;
  readonly found: readonly Expected[];
}

export type Statement = readonly [owner: Owner, sql: string];

/** A finding about the order `paid`. */
export const about = (problem: Finding['problem'], says: string, orderId = paid.id): Expected => ({
  ...{ problem, says, orderId },
});

/** A fault that statements make. */
export function fault(name: string, statements: readonly Statement[], ...found: readonly Expected[]): Fault {
  return {
    ...{ name, found },
    make: async ({ run }) => {
      for (const [owner, sql] of statements) await run(owner, sql);
    },
  };
}

/** Writes the rows once more. */
export const copy = (table: string, where: string): string =>
  `INSERT INTO ${table} SELECT * FROM ${table} WHERE ${where}`;
