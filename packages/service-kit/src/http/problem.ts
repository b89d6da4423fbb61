import { AlpesError, type ErrorCode, type ErrorDetail } from '@alpes/messaging';

/** The HTTP status of each code; what is not named here is an error of ours. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  'invalid-input': 400,
  'unsupported-format': 400,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-reused': 422,
  'rule-broken': 422,
  'headers-too-large': 431,
  overloaded: 503,
  unavailable: 503,
  conflict: 503,
};

const TITLE: Partial<Record<number, string>> = {
  400: 'The request is wrong',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'The request came too slowly',
  413: 'The request is too large',
  415: 'The content type is not supported',
  422: "The request can't be processed",
  431: 'The headers are too many or too large',
  500: 'Something went wrong on our side',
  503: 'Temporarily not available',
};

/** A problem document (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors: readonly ErrorDetail[];
}

/** The problem document of an error. Of an error of ours it tells nothing but that it happened. */
export function toProblem(error: AlpesError): Problem {
  const status = STATUS[error.code] ?? 500;
  const known = STATUS[error.code] !== undefined;
  const code = known ? error.code : 'unknown';
  return {
    type: `urn:alpes:error:${code}`,
    title: TITLE[status] ?? 'Error',
    status,
    detail: known ? error.message : 'The error was logged with the trace id of this request.',
    code,
    errors: known ? error.details : [],
  };
}

type ParserError = readonly [ErrorCode, path: string, message: string];

/** What Express, its body parser and `jsonBody` throw, by their `type`. */
const PARSER_ERRORS: Readonly<Record<string, ParserError>> = {
  'entity.parse.failed': ['invalid-input', 'body', 'the body is not JSON'],
  'entity.too.large': ['payload-too-large', 'body', 'the body is too large'],
  'encoding.unsupported': [
    'unsupported-media-type',
    'headers.content-encoding',
    'the content encoding is not supported',
  ],
  'charset.unsupported': ['unsupported-media-type', 'headers.content-type', 'the charset must be utf-8'],
  'body.not.utf8': ['invalid-input', 'body', 'the body is not UTF-8'],
  'request.size.invalid': ['invalid-input', 'body', 'the body is not as long as its header says'],
  'request.aborted': ['invalid-input', 'body', 'the request was aborted'],
};

/** What zlib, and Brotli within it, say of a compressed body that is broken: Express gives it no type. */
function decompressionError({ code }: { code?: unknown }): ParserError | undefined {
  const broken = typeof code === 'string' && /^(Z_|ERR__ERROR_)/.test(code);
  return broken ? ['invalid-input', 'body', 'the body is not compressed as its header says'] : undefined;
}

/** Makes an AlpesError of what a request handler has thrown, Express's own errors included. */
export function fromHttpError(thrown: unknown): AlpesError {
  if (thrown instanceof AlpesError || typeof thrown !== 'object' || thrown === null) return AlpesError.from(thrown);
  const { type, status } = thrown as { type?: unknown; status?: unknown };
  const known = typeof type === 'string' ? PARSER_ERRORS[type] : decompressionError(thrown);
  if (known !== undefined) {
    const [code, path, message] = known;
    return new AlpesError(code, message, { details: [{ path, message }], cause: thrown });
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const message = thrown instanceof Error ? thrown.message : 'the request is wrong';
    return new AlpesError('invalid-input', message, { details: [{ path: 'url', message }], cause: thrown });
  }
  return AlpesError.from(thrown);
}
