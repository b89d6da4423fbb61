import { queryOnce } from '../../postgres/with-client.js';
import { databaseUrlOf, pidOf, type System } from '../../start/whole-system.js';

/** Something that goes wrong in a system, and the alarms that tell it. */
export interface Fault {
  readonly what: string;
  /** Each with whom it is about, as {@link keyOf} writes it. */
  readonly alarms: readonly string[];
  /** Those that come with it if it lasts. */
  readonly maybe?: readonly string[];
  /** Makes it go wrong; resolves to what puts it right again. */
  readonly strike: (system: System) => Promise<() => Promise<unknown>>;
}

/** An alarm, and the service or subscription that it is about. */
export const keyOf = (name: string, { service, subscription }: Readonly<Record<string, string>>): string =>
  [name, subscription ?? service].filter((part) => part !== undefined).join(' ');

/** Runs statements in the database of a service, or of the broker. */
export async function inDatabase(system: System, owner: string, sql: string, values?: unknown[]): Promise<void> {
  await queryOnce(databaseUrlOf(system, owner), sql, values);
}

/** A process stands still. */
export async function freeze(system: System, name: string): Promise<() => Promise<void>> {
  const pid = pidOf(system, name);
  process.kill(pid, 'SIGSTOP');
  return async () => {
    process.kill(pid, 'SIGCONT');
  };
}
