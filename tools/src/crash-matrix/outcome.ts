import type { Brokers } from './brokers/brokers.js';
import type { ControlName } from './controls/names.js';
import type { Databases } from './databases.js';
import type { Finding } from './findings.js';
import type { Pool } from './processes/subject.js';

/** What a run works with. */
export interface Workshop {
  readonly databases: Databases;
  readonly brokers: Brokers;
  readonly pool: Pool;
  /** For files that a run writes. */
  readonly folder: string;
  readonly control: ControlName | undefined;
}

/** What came of a run. */
export interface Outcome {
  readonly crashed: boolean;
  /** How many messages were asked for. */
  readonly messages: number;
  readonly findings: readonly Finding[];
  /** What the processes wrote. */
  readonly log: readonly string[];
}
