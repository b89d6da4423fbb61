import { sleep } from 'k6';
import execution from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { randomOrder } from './order.ts';
import { url } from './settings.ts';

/** k6 has one. What is said there goes into the ledger, where there is one. */
declare const console: { log(text: string): void };

/** In ms from the request to its answer. */
const accept = new Trend('accept', true);
/** In ms from that answer until the order's state is final, of a sample. */
const finished = new Trend('finished', true);
const accepted = new Counter('accepted');
/** Told to come again. */
const refused = new Counter('refused');
/** Everything else: another answer, or none. */
const errors = new Counter('errors');

/** The BFF's own limit for an answer: later there is none. */
const ANSWER = { timeout: '60s', responseType: 'text' } as const;
/** Between two questions after an order: so exact is what is said of the time that it took. */
const POLL_SECONDS = 0.01;
const LONGEST_MS = 10_000;

/** Places an order, and of one in `SAMPLE_EVERY` waits for the end. */
export function placeOrder(): void {
  const { scenario } = execution;
  const { status, timings, headers, body, error } = http.post(`${url}/orders`, JSON.stringify(randomOrder()), {
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': `k6-${scenario.startTime}-${scenario.name}-${scenario.iterationInTest}`,
    },
    ...ANSWER,
  });
  if (status === 202) {
    const { id } = JSON.parse(body) as { id: string };
    console.log(id);
    accepted.add(1);
    accept.add(timings.duration);
    const every = Number(__ENV['SAMPLE_EVERY']);
    if (every > 0 && scenario.iterationInTest % every === 0) finished.add(untilFinal(id));
  } else if (status === 503 && /^[1-9]\d*$/.test(headers['Retry-After'] ?? '')) {
    refused.add(1);
  } else {
    errors.add(1);
    // It is logged, and ends only this order.
    throw new Error(`POST /orders: ${status === 0 ? error : `${status} ${body}`}`);
  }
}

function untilFinal(id: string): number {
  const began = Date.now();
  for (;;) {
    const { status, body } = http.get(`${url}/orders/${id}`, ANSWER);
    const isFinal = status === 200 && /"status":"(APPROVED|REJECTED)"/.test(body);
    const ms = Date.now() - began;
    if (isFinal || ms > LONGEST_MS) return ms;
    sleep(POLL_SECONDS);
  }
}
