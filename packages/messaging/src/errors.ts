import { foreignText } from './foreign-text.js';

/**
 * What can go wrong, as a closed set. `permanent`: repeating changes nothing. `transient`: the world outside will get
 * better. `unknown`: could be either, so it is tried a limited number of times.
 */
export const ERROR_CODES = {
  'invalid-input': 'permanent',
  'not-found': 'permanent',
  'method-not-allowed': 'permanent',
  'request-timeout': 'transient',
  'payload-too-large': 'permanent',
  'headers-too-large': 'permanent',
  'unsupported-media-type': 'permanent',
  'unsupported-format': 'permanent',
  'idempotency-key-reused': 'permanent',
  undecodable: 'permanent',
  'unknown-type': 'permanent',
  'rule-broken': 'permanent',
  configuration: 'permanent',
  overloaded: 'transient',
  unavailable: 'transient',
  conflict: 'transient',
  unknown: 'unknown',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One part of an input that is wrong: where it is, as a dotted path, and what is wrong with it. */
export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

/**
 * The one error class of the platform. The message says what is wrong and, where a person can help, what to do. It is
 * logged, and told to clients: it holds no data but ids.
 */
export class AlpesError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[];

  constructor(code: ErrorCode, message: string, options: { details?: readonly ErrorDetail[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AlpesError';
    this.code = code;
    this.details = options.details ?? [];
  }

  /** Whether repeating may help: see {@link ERROR_CODES}. */
  get nature(): (typeof ERROR_CODES)[ErrorCode] {
    return ERROR_CODES[this.code];
  }

  /** Makes an AlpesError of anything that was thrown. Database errors keep their meaning, see `classify`; data they lose. */
  static from(thrown: unknown): AlpesError {
    if (thrown instanceof AlpesError) return thrown;
    return new AlpesError(classify(thrown), foreignText(thrown), { cause: thrown });
  }
}

/**
 * Something was in the way, most often another transaction: deadlock, serialisation, lock and statement timeouts, a
 * transaction that idled or took too long, Prisma's own timeouts.
 */
const CONFLICT = new Set(['40001', '40P01', '55P03', '25P03', '25P04', '57014', 'P2028', 'P2034']);

/** The database or the network is not there: SQLSTATEs, Prisma's codes, the kinds of its driver adapters, Node's codes. */
const UNAVAILABLE = new Set([
  ...['3D000', 'P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1011', 'P1017', 'P2024', 'P2037'],
  ...['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections', 'TlsConnectionError'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

/**
 * The program and the tables are not of the same version: a table or column is not there. No message is to blame:
 * a migration has not been applied yet, or was applied while a replica of the version before still works.
 */
const OTHER_SCHEMA = new Set(['42P01', '42703', 'P2021', 'P2022']);

/** Whether a statement needed a table or column that is not there. */
export function needsOtherSchema(thrown: unknown): boolean {
  return codesOf(thrown).some((code) => OTHER_SCHEMA.has(code));
}

/** Classes of SQLSTATEs: connection, authorisation, resources, shutdown, input and output. */
const UNAVAILABLE_STATE = /^(08|28|53|58)...$|^57P..$/;

/** What `pg` says without any code, and the one meaning of SQLSTATE 55000 that is about the database, not the statement. */
const UNAVAILABLE_TEXT =
  /connection terminated|query read timeout|is not queryable|timeout exceeded when trying to connect|connection.*(closed|ended)|cannot use a pool after calling end|not currently accepting connections/i;

/** Says of what others throw which code it deserves; tried on the real errors of PostgreSQL, `pg` and Prisma. */
function classify(thrown: unknown): ErrorCode {
  for (const code of codesOf(thrown)) {
    if (CONFLICT.has(code)) return 'conflict';
    if (UNAVAILABLE.has(code) || UNAVAILABLE_STATE.test(code) || OTHER_SCHEMA.has(code)) return 'unavailable';
  }
  return thrown instanceof Error && UNAVAILABLE_TEXT.test(thrown.message) ? 'unavailable' : 'unknown';
}

/** Every code in the error and its causes, innermost first: Prisma wraps the database's own code in its `P2010`. */
function codesOf(thrown: unknown, depth = 0): string[] {
  if (typeof thrown !== 'object' || thrown === null || depth > 6) return [];
  const fields = thrown as Record<string, unknown>;
  const inner = ['cause', 'meta', 'driverAdapterError'].flatMap((name) => codesOf(fields[name], depth + 1));
  const aggregated = Array.isArray(fields['errors']) ? fields['errors'].flatMap((one) => codesOf(one, depth + 1)) : [];
  const own = ['originalCode', 'code', 'kind'].map((name) => fields[name]);
  return [...inner, ...aggregated, ...own.filter((code): code is string => typeof code === 'string')];
}
