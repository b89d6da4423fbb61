import { types } from 'node:util';

/**
 * What may be told of something that others have thrown. Their texts quote what they were given: a driver the row, a parser
 * its input, Prisma all arguments of a call, `fetch` a URL with its password. So nothing of this is told that may be
 * data: names of tables, columns and hosts, and the numbers of errors are.
 */
export function foreignText(thrown: unknown): string {
  if (!isError(thrown)) return `what was thrown is no error, but of the type ${typeof thrown}`;
  if (thrown.message === '' && 'errors' in thrown && Array.isArray(thrown.errors))
    return thrown.errors.map(foreignText).join('; ');
  const database = databaseErrorIn(thrown);
  if (database !== undefined) return databaseText(database);
  if (thrown.name.startsWith('PrismaClient')) return prismaText(thrown.message);
  if ('syscall' in thrown) return thrown.message;
  if (QUOTE_FREELY.has(thrown.name)) return 'its text may hold data, and is left out';
  return withoutQuoted(thrown.message);
}

/** Whether it is an error, wherever it was made: Jest gives tests other globals than Node has itself. */
export const isError = (thrown: unknown): thrown is Error => thrown instanceof Error || types.isNativeError(thrown);

/** What JSON.parse and BigInt throw quotes without quotation marks. */
const QUOTE_FREELY = new Set(['SyntaxError', 'RangeError']);

interface DatabaseError {
  readonly state: string;
  readonly text: string;
}

/** Deeper than this no library hides what PostgreSQL said. */
const DEEPEST = 6;

/** What PostgreSQL said: `pg` throws it, Prisma's adapter puts it in `meta` or `cause`. */
function databaseErrorIn(thrown: unknown, depth = 0): DatabaseError | undefined {
  if (typeof thrown !== 'object' || thrown === null || depth > DEEPEST) return undefined;
  const fields = thrown as Record<string, unknown>;
  const { originalCode, originalMessage, code, severity, message } = fields;
  if (isState(originalCode) && typeof originalMessage === 'string')
    return { state: originalCode, text: originalMessage };
  if (isState(code) && typeof severity === 'string') return { state: code, text: String(message) };
  for (const inner of ['meta', 'driverAdapterError', 'cause']) {
    const found = databaseErrorIn(fields[inner], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isState = (code: unknown): code is string => typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);

/** In class 22 the text quotes the value. In the others it has names only: what they say of rows is in a field of its own. */
function databaseText({ state, text }: DatabaseError): string {
  return state.startsWith('22') ? `the database refuses a value (SQLSTATE ${state})` : text;
}

/** Above its last paragraph Prisma prints the call with all that it was given; in that paragraph only names are in backticks. */
function prismaText(message: string): string {
  return (
    message
      .trim()
      .split(/\n{2,}/)
      .at(-1) ?? ''
  ).replace(/"[^]*/, '"…"');
}

/** Up to the last quotation mark, for what is quoted may have some in it. */
const QUOTED = /"[^]*"|(?<!\w)'[^]*'(?!\w)|`[^]*`/g;
const CREDENTIALS = /\/\/[^/\s]*@/g;

function withoutQuoted(text: string): string {
  return text.replaceAll(QUOTED, '"…"').replaceAll(CREDENTIALS, '//…@');
}
