import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** The ids of all accepted orders, one a line. */
export interface Ledger {
  /** Writes the id at once, so that it is there even if this process is killed the next moment. */
  add(id: string): void;
  close(): void;
}

/** Goes on with the file if it exists; an id that is in it is not written again. Throws if it can't be written. */
export function openLedger(file: string): Ledger {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const known = new Set(before.split('\n'));
  const descriptor = openSync(file, 'a');
  // A process that was killed while it wrote may have left half a line.
  if (before !== '' && !before.endsWith('\n')) writeSync(descriptor, '\n');
  return {
    add: (id) => {
      if (known.has(id)) return;
      known.add(id);
      writeSync(descriptor, `${id}\n`);
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}
