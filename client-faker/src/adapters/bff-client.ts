import { z } from 'zod';
import type { Attempt, Bff } from '../domain/bff.js';

/** A request without an answer is given up then, in ms; the BFF's own timeouts are shorter. */
const TIMEOUT_MS = 15_000;

/** Statuses that say that the same request may be accepted later. */
const TRY_LATER = new Set([429, 502, 503, 504]);

const accepted = z.object({ id: z.guid(), status: z.string() });
const order = z.object({ status: z.string() });
const problem = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

/** The BFF's HTTP API. */
export function bffClient(baseUrl: string): Bff & { check(): Promise<void> } {
  const base = baseUrl.replace(/\/+$/, '');
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(base + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  return {
    placeOrder: async (body, key, traceparent) => {
      const headers = {
        ...{ 'content-type': 'application/json', 'idempotency-key': key },
        ...(traceparent !== undefined && { traceparent }),
      };
      try {
        return await toAttempt(await request('/orders', { method: 'POST', headers, body: JSON.stringify(body) }));
      } catch (thrown) {
        return { kind: 'not known', reason: reasonOf(thrown) };
      }
    },
    readStatus: async (id) => {
      try {
        const response = await request(`/orders/${id}`);
        const body = order.safeParse(await response.json()).data;
        return response.ok && body !== undefined ? body.status : `not readable (${response.status})`;
      } catch (thrown) {
        return `not readable (${reasonOf(thrown)})`;
      }
    },
    check: async () => {
      const response = await request('/health/live');
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`GET /health/live answered ${response.status}`);
    },
  };
}

async function toAttempt(response: Response): Promise<Attempt> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  if (TRY_LATER.has(status)) {
    const afterMs = retryAfterMs(response.headers.get('retry-after'), Date.now());
    return { kind: 'not known', reason: describe(status, body), ...(afterMs !== undefined && { afterMs }) };
  }
  const order = status === 202 ? accepted.safeParse(body).data : undefined;
  return order === undefined ? { kind: 'refused', reason: describe(status, body) } : { kind: 'accepted', ...order };
}

function describe(status: number, body: unknown): string {
  const { code, detail, errors: [first] = [] } = problem.safeParse(body).data ?? {};
  if (code === undefined) return `${status} without a problem document`;
  return first === undefined ? `${status} ${code}: ${detail}` : `${status} ${code}: ${first.path} ${first.message}`;
}

/** Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** `fetch` says "fetch failed" and has the reason in the cause. */
export function reasonOf(thrown: unknown): string {
  const { name, message = String(thrown), cause } = (thrown ?? {}) as Partial<Error>;
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1_000} s`;
  const { code, message: inner } = (cause ?? {}) as { code?: unknown; message?: string };
  return typeof code === 'string' ? `no connection (${code})` : (inner ?? message);
}
