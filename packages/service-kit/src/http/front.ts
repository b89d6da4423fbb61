import type { AlpesError } from '@alpes/messaging';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Admission } from './admission.js';
import { refusal } from './refusals.js';
import { requestContext } from './request-context.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { sendProblem } from './send-problem.js';

/** As Apache's LimitRequestFields has it. From 2,000 on Node's server drops headers without a word. */
const MOST_HEADERS = 100;

/** Looks at each request before anybody else does, and lets it through or answers it. */
export function standInFront(server: Server, admission: Admission, app: RequestListener): void {
  const listen =
    (beforeBody?: 'continue'): RequestListener =>
    (req, res) => {
      for (const [name, value] of SECURITY_HEADERS) res.setHeader(name, value);
      const error = headerFault(req) ?? admission.enter(req, res);
      if (error !== undefined) return requestContext(req, res, () => sendProblem(req, res, error));
      if (beforeBody === 'continue') res.writeContinue();
      app(req, res);
    };
  server.on('request', listen());
  // Who asks before he sends a body is not told to go on with one that nobody will read.
  server.on('checkContinue', listen('continue'));
  server.on('checkExpectation', listen());
}

function headerFault({ headers, rawHeaders, httpVersion }: IncomingMessage): AlpesError | undefined {
  if (rawHeaders.length > 2 * MOST_HEADERS) {
    return refusal('headers-too-large', 'headers', `are more than ${MOST_HEADERS}`);
  }
  if (headers.host === undefined && httpVersion === '1.1')
    return refusal('invalid-input', 'headers.host', 'is missing');
  return undefined;
}
