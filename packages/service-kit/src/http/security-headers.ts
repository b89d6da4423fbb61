import helmet from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** Nothing that we answer is a page: nothing may be loaded, run or framed, or kept by whoever passes it on. */
const secure = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
  },
  xFrameOptions: { action: 'deny' },
  // Means nothing without TLS, and of other hosts of the domain we know nothing.
  strictTransportSecurity: { maxAge: 365 * 24 * 3_600, includeSubDomains: false },
});

/**
 * The headers that every answer has unless its route sets others: helmet's, and that it is not to be stored, for what
 * has no data of an order has no use a second later. They are always the same, so helmet is asked once; and an answer
 * that Node's server makes without a request gets them too.
 */
export const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = collect();

function collect(): [string, string][] {
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  secure(res.req, res, () => {});
  res.setHeader('Cache-Control', 'no-store');
  return Object.entries(res.getHeaders()).map(([name, value]) => [name, String(value)]);
}
