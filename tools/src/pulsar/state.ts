import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is known of a broker that is ready. */
export interface PulsarState {
  readonly pid: number;
  /** The process that starts it again. */
  readonly keeperPid: number;
  readonly urls: { readonly binary: string; readonly websocket: string; readonly admin: string };
}

export const stateFileOf = (folder: string): string => join(folder, 'state.json');

/** The broker of this folder, if it is ready. */
export function readState(folder: string): PulsarState | undefined {
  try {
    return JSON.parse(readFileSync(stateFileOf(folder), 'utf8')) as PulsarState;
  } catch {
    return undefined;
  }
}
