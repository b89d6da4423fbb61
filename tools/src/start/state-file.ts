import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What other programs can learn about a running system: where it is and which processes it consists of. */
export interface SystemState {
  readonly supervisorPid: number;
  /** Of the BFF. */
  readonly url: string;
  readonly fakerUrl: string;
  readonly brokerUrl: string;
  readonly processes: readonly { readonly name: string; readonly pid: number | undefined; readonly port: number }[];
  /** Our own PostgreSQL, if there is one: the server and the process that watches over it. */
  readonly postgres?: { readonly pid: number; readonly watcherPid: number | undefined };
  /** URLs of their owners, by service; `broker` only where the broker is a log in PostgreSQL. */
  readonly databases: Readonly<Record<string, string>>;
}

const fileOf = (dataDir: string): string => join(dataDir, 'system.json');

/** Readers see the old state or the new one, never half of it. Only the owner reads it: it holds passwords. */
export function writeState(dataDir: string, state: SystemState): void {
  const file = fileOf(dataDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Undefined if no system runs in this folder. */
export function readState(dataDir: string): SystemState | undefined {
  const file = fileOf(dataDir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SystemState) : undefined;
}

export function removeState(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}
