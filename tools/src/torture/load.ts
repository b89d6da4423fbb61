import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { type RunningTool, startCommand } from '../start/whole-system.js';
import type { Arguments } from './arguments.js';
import type { Site } from './site/site.js';

/** How long in s an order is repeated while nobody knows whether it was accepted: longer than any fault takes. */
const PATIENCE = 300;

/** The clients: at a constant rate, whatever becomes of their orders. */
export function startLoad(site: Site, { seed, rate, minutes }: Arguments, ledger: string): RunningTool {
  writeFileSync(ledger, '');
  // More than there is time for: it ends by being interrupted.
  const orders = rate * 60 * (minutes + 60);
  const args = ['--orders', orders, '--rate', `${rate}/s`, '--seed', seed, '--ledger', ledger, '--url', site.url];
  const settings = ['--patience', PATIENCE, '--wait', 0];
  return startCommand(site.system, 'faker', [...args, ...settings].map(String));
}

/** Reads what was written to a file since the last call, in whole lines. */
export function followLines(file: string): () => string[] {
  let position = 0;
  let rest = '';
  const buffer = Buffer.alloc(64 * 1024);
  return () => {
    const descriptor = openSync(file, 'r');
    try {
      for (let read = 1; read > 0; position += read) {
        read = readSync(descriptor, buffer, 0, buffer.length, position);
        rest += buffer.toString('utf8', 0, read);
      }
    } finally {
      closeSync(descriptor);
    }
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    return lines;
  };
}
