import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { jsonLine, prettyLine, type LineFormat } from './log-format.js';

/** Where the lines of all processes come together. */
export interface LogSink {
  /** Takes a line of a process's output. */
  readonly line: (process: string, line: string, error?: boolean) => void;
  /** Takes every line that the process writes to the stream. */
  readonly follow: (process: string, stream: Readable | null) => void;
  /** A word of the supervisor's own. */
  readonly say: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/** Writes to stdout: readable and coloured on a terminal, else JSON. */
export function logSink(out: NodeJS.WriteStream = process.stdout): LogSink {
  const format: LineFormat = out.isTTY ? prettyLine() : jsonLine;
  // Who reads along may leave; the system goes on.
  out.on('error', () => {});
  const write: LogSink['line'] = (name, line, error) => void out.write(`${format(name, line, error)}\n`);
  return {
    line: write,
    follow: (name, stream) => eachLine(stream, (line) => write(name, line)),
    say: (level, message) => write('supervisor', JSON.stringify({ level, time: new Date().toISOString(), message })),
  };
}

/** Calls `take` with every line of the stream that is not empty. */
export function eachLine(stream: Readable | null, take: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', (line) => line !== '' && take(line));
}
