import { readFileSync } from 'node:fs';

/** The last lines of a text file; empty when there is none. */
export function tail(path: string, lines: number): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
