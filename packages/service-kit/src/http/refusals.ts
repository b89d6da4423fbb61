import { AlpesError, childTraceparent, traceIdOf } from '@alpes/messaging';
import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections } from './connections.js';
import { toProblem } from './problem.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { PROBLEM_TYPE, problemHeaders } from './send-problem.js';

/** For so long in ms the rest of what was refused is read, so that the answer is not lost with it. */
const LINGER_MS = 1_000;

/** Answers what Node's server refuses before there is a request, or while its body comes, and ends the connection. */
export function answerRefusals(server: Server, connections: Connections): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (socket.writableEnded) return;
    if (!socket.writable || error.code === 'ECONNRESET' || !isToBeAnswered(socket, connections)) {
      socket.destroy();
      return;
    }
    socket.end(rawAnswer(errorOf(error)));
    // What was too slow must not be complete after all.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.destroySoon();
    else setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
}

/**
 * Whether what is written now would be the answer to what was refused. Else it would be taken for that to a request
 * before it, which may have been accepted.
 */
function isToBeAnswered(socket: Socket, connections: Connections): boolean {
  const [first, ...others] = connections.underWay(socket);
  if (first === undefined) return !connections.isMidBody(socket);
  return others.length === 0 && !first.req.complete && !first.res.headersSent;
}

/** By the codes of Node's server and its parser. */
function errorOf({ code = '' }: NodeJS.ErrnoException): AlpesError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refusal('request-timeout', 'request', 'did not arrive in time');
    case 'HPE_HEADER_OVERFLOW':
      return refusal('headers-too-large', 'headers', 'are too large');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return refusal('payload-too-large', 'body', 'has chunks with too many extensions');
    default:
      return refusal('invalid-input', 'request', `is not HTTP (${code})`);
  }
}

export function refusal(code: AlpesError['code'], path: string, message: string): AlpesError {
  return new AlpesError(code, `the ${path} ${message}`, { details: [{ path, message }] });
}

function rawAnswer(error: AlpesError): string {
  const problem = toProblem(error);
  const traceId = traceIdOf(childTraceparent()) ?? '';
  const body = JSON.stringify({ ...problem, traceId });
  const headers = [
    ...SECURITY_HEADERS,
    ...problemHeaders(problem),
    ['X-Request-Id', randomUUID()],
    ['Trace-Id', traceId],
    ['Content-Type', PROBLEM_TYPE],
    ['Content-Length', String(Buffer.byteLength(body))],
    ['Connection', 'close'],
  ];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`;
}
