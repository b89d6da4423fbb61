import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { acceptedId, anOrder, postOrder } from './orders.js';
import { quantile } from '../quantile.js';
import { residentMemory } from '../soak/memory.js';
import { pidOf, runCommand, startSystem, type System } from '../start/whole-system.js';
import { expectCode, tell } from './told.js';

/** Few, so that a machine of any speed has more to do than it can. */
const MOST_IN_FLIGHT = 20;
const TIMES = 5;
const FLOOD_MS = 4_000;
const MOST_ORDERS = 4_000;
const MOST_MEGABYTES = 512;

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: { MAX_IN_FLIGHT: String(MOST_IN_FLIGHT) } });
}, 180_000);
afterAll(() => system.dispose(), 60_000);

interface Outcome {
  readonly key: string;
  readonly ms: number;
  readonly response: Response;
}

async function place(key: string): Promise<Outcome> {
  const began = performance.now();
  const response = await postOrder(system.url, anOrder(), { 'idempotency-key': key });
  return { key, response, ms: performance.now() - began };
}

/** How many orders a second are accepted while exactly as many are under way as may be. */
async function capacity(ledger: string[]): Promise<number> {
  const began = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - began < 1_500) {
      const { response } = await place(randomUUID());
      if (response.status === 202) ledger.push(await acceptedId(response));
      else await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: MOST_IN_FLIGHT }, client));
  return (ledger.length * 1_000) / (performance.now() - began);
}

/** Each is sent when its time has come, whatever became of those before. */
async function flood(perSecond: number): Promise<Outcome[]> {
  const began = performance.now();
  const count = Math.min(MOST_ORDERS, Math.ceil((perSecond * FLOOD_MS) / 1_000));
  const outcomes: Promise<Outcome>[] = [];
  while (outcomes.length < count) {
    const due = Math.min(count, Math.ceil(((performance.now() - began) * perSecond) / 1_000));
    while (outcomes.length < due) outcomes.push(place(randomUUID()));
    await delay(2);
  }
  return Promise.all(outcomes);
}

/** What the BFF says of itself meanwhile. */
function watch() {
  const pid = pidOf(system, 'bff');
  const seen = { active: 0, megabytes: 0, healthy: 0, unhealthy: 0 };
  const look = async (): Promise<void> => {
    const health = await fetch(`${system.url}/health/live`);
    seen[health.ok ? 'healthy' : 'unhealthy'] += 1;
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    const [, active] = /^http_server_active_requests\{lane="write".*\} (\d+)$/m.exec(metrics) ?? [];
    seen.active = Math.max(seen.active, Number(active));
    seen.megabytes = Math.max(seen.megabytes, (residentMemory(pid) ?? 0) / 2 ** 20);
  };
  const ending = new AbortController();
  const watching = (async () => {
    while (!ending.signal.aborted) await look();
  })();
  return async () => {
    ending.abort();
    await watching;
    return seen;
  };
}

function told(outcomes: readonly Outcome[]): string {
  const times = outcomes.map(({ ms }) => ms);
  const [half, most] = [0.5, 0.99].map((share) => quantile(times, share)?.toFixed(0));
  return `${outcomes.length} (p50 ${half} ms, p99 ${most} ms)`;
}

describe('more orders than the system can take', () => {
  it('are accepted or told to come again, nothing else; probes are answered, and what was accepted ends well', async () => {
    const accepted: string[] = [];
    const perSecond = await capacity(accepted);
    const stopWatching = watch();
    const outcomes = await flood(TIMES * perSecond);
    const seen = await stopWatching();

    const taken = outcomes.filter(({ response }) => response.status === 202);
    const refused = outcomes.filter(({ response }) => response.status === 503);
    tell(`${Math.round(perSecond)}/s, offered ${TIMES} times that: accepted ${told(taken)}, refused ${told(refused)}`);
    tell(`at most ${seen.active} under way, ${Math.round(seen.megabytes)} MB, ${seen.healthy} probes`);
    expect(taken.length + refused.length).toBe(outcomes.length);
    expect(taken.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const { response } of refused) {
      expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
    expect(seen).toMatchObject({ unhealthy: 0 });
    expect(seen.healthy).toBeGreaterThan(0);
    expect(seen.active).toBeLessThanOrEqual(MOST_IN_FLIGHT);
    expect(seen.megabytes).toBeLessThan(MOST_MEGABYTES);

    for (const { response } of taken) accepted.push(await acceptedId(response));
    // Under its key whoever was refused is accepted later, and whoever was accepted has the same order.
    for (const { key } of refused.slice(0, 20)) {
      const again = await eventually(async () => acceptedId((await place(key)).response), { timeoutMs: 10_000 });
      expect(accepted).not.toContain(again);
      expect(await acceptedId((await place(key)).response)).toBe(again);
      accepted.push(again);
    }
    const ledger = join(system.dataDir, 'ledger');
    writeFileSync(ledger, accepted.map((id) => `${id}\n`).join(''));
    expectCode(0, await runCommand(system, 'reconcile', ['--ledger', ledger]));
  }, 300_000);
});
