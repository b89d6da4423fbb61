/** How one line of a process's output is shown: `process` is its name, `error` whether it came from stderr. */
export type LineFormat = (process: string, line: string, error?: boolean) => string;

/** For machines: the line as it is, with the process's name in it; what is not JSON becomes a message. */
export const jsonLine: LineFormat = (process, line, error = false) => {
  const name = JSON.stringify(process);
  if (line.startsWith('{"')) return `{"process":${name},${line.slice(1)}`;
  return JSON.stringify({ process, level: error ? 'error' : 'info', time: new Date().toISOString(), message: line });
};

const levels: Readonly<Record<string, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const levelColours: Readonly<Record<string, number>> = {
  trace: 90,
  debug: 90,
  info: 32,
  warn: 33,
  error: 31,
  fatal: 31,
};
const processColours = [36, 35, 34, 33, 32, 96, 95, 94];
/** Said once for all lines, or of no use to who reads along. */
const hidden = new Set([
  'level',
  'time',
  'msg',
  'message',
  'pid',
  'hostname',
  'name',
  'service',
  'process',
  'err',
  'error',
]);

const paint = (colour: number, text: string): string => `\x1b[${colour}m${text}\x1b[0m`;

/** For people: name, time, level, message and what else the line says; errors with their stacks. */
export function prettyLine(width = 12): LineFormat {
  const colours = new Map<string, number>();
  return (process, line, error = false) => {
    const colour = colours.get(process) ?? processColours[colours.size % processColours.length] ?? 36;
    colours.set(process, colour);
    const prefix = `${paint(colour, process.padEnd(width))} `;
    const text = prettyText(parse(line), line, error);
    return text
      .split('\n')
      .map((part) => prefix + part)
      .join('\n');
  };
}

function prettyText(fields: Record<string, unknown> | undefined, line: string, error: boolean): string {
  if (fields === undefined) return error ? paint(31, line) : line;
  const level = levels[String(fields['level'])] ?? textOf(fields['level'] ?? 'info');
  const details = Object.entries(fields).filter(([name]) => !hidden.has(name));
  const rest = details.map(([name, value]) => ` ${name}=${textOf(value)}`).join('');
  const head = `${paint(90, clock(fields['time']))} ${paint(levelColours[level] ?? 0, level.padEnd(5))}`;
  return `${head} ${textOf(fields['msg'] ?? fields['message'] ?? '')}${paint(90, rest)}${stackOf(fields['err'] ?? fields['error'])}`;
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function clock(time: unknown): string {
  const date = new Date(typeof time === 'number' || typeof time === 'string' ? time : Date.now());
  return Number.isNaN(date.getTime()) ? String(time) : date.toTimeString().slice(0, 8);
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return error === undefined ? '' : ` ${textOf(error)}`;
  const { stack, message } = error as { stack?: unknown; message?: unknown };
  return `\n${paint(31, textOf(stack ?? message ?? error))}`;
}
