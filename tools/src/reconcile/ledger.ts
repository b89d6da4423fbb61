import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Finding, finding } from './findings.js';

/** The ids of the orders that were accepted, as whoever sent them wrote them down. */
export interface Ledger {
  /** In the order of the ids, each once: one that was sent again under the same key is written again. */
  readonly ids: readonly string[];
  /** Lines that are no id. */
  readonly findings: readonly Finding[];
}

export const noLedger: Ledger = { ids: [], findings: [] };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads a ledger: a line for each accepted order, its id. Rejects if the file can't be read. */
export async function readLedger(file: string): Promise<Ledger> {
  const ids = new Set<string>();
  const findings: Finding[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number += 1;
    const id = line.trim().toLowerCase();
    if (UUID.test(id)) ids.add(id);
    else if (id !== '') findings.push(finding('ledger-malformed', `Line ${number} of the ledger is ${show(line)}.`));
  }
  return { ids: [...ids].toSorted(), findings };
}

const longest = 80;
const show = (line: string): string => JSON.stringify(line.length > longest ? `${line.slice(0, longest)}…` : line);
