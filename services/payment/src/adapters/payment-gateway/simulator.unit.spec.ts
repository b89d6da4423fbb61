import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ChargeRequest, GatewayAnswer } from '../../domain/payment-gateway.js';
import { orderIds } from '../../testing/orders.js';
import type { ChargeLedger } from './charge-ledger.js';
import { createSimulator, decide, faultOf, type SimulatorSettings, simulatorSettings } from './simulator.js';

const defaults = simulatorSettings.parse({ GATEWAY_DATABASE_URL: 'postgresql://localhost/books' });

function aRequest(orderId: string = randomUUID(), amount = 2500): ChargeRequest {
  return { idempotencyKey: randomUUID(), orderId, amount, currency: 'EUR', signal: new AbortController().signal };
}

function bookIn(books: Map<string, { answer: GatewayAnswer; calls: number }>): ChargeLedger {
  return {
    book: ({ idempotencyKey }, answer) => {
      const known = books.get(idempotencyKey);
      const charge = { answer: known?.answer ?? answer, calls: (known?.calls ?? 0) + 1 };
      books.set(idempotencyKey, charge);
      return Promise.resolve(charge);
    },
    close: () => Promise.resolve(),
  };
}

function aSimulator(settings: Partial<SimulatorSettings>) {
  const books = new Map<string, { answer: GatewayAnswer; calls: number }>();
  const simulator = createSimulator({ ...defaults, ...settings }, bookIn(books));
  const ask = async (request: ChargeRequest): Promise<GatewayAnswer[]> => {
    const answers: GatewayAnswer[] = [];
    await simulator.charge(request, (answer) => {
      answers.push(answer);
      return Promise.resolve();
    });
    return answers;
  };
  return { ask, calls: (key: string) => books.get(key)?.calls ?? 0 };
}

describe('the simulator', () => {
  it('decides by the id of the order alone', () => {
    for (const orderId of orderIds(50)) {
      const [one, other] = [decide(aRequest(orderId), 0.5), decide(aRequest(orderId, 99), 0.5)];
      expect(other.outcome).toBe(one.outcome);
    }
    expect(decide(aRequest('01890a5d-ac96-774b-bcce-b302099a8053'), 0.5).outcome).toBe('rejected');
    expect(decide(aRequest('01890a5d-ac96-774b-bcce-b302099a8050'), 0.5).outcome).toBe('approved');
  });

  it.each([0, 0.3, 0.9, 1])('approves as many orders as the rate %d says', (rate) => {
    const ids = orderIds(4_000);
    const approved = ids.filter((orderId) => decide(aRequest(orderId), rate).outcome === 'approved').length;
    expect(Math.abs(approved / ids.length - rate)).toBeLessThan(rate % 1 === 0 ? 1e-9 : 0.05);
  });

  it('approves an order that costs nothing at any rate', () => {
    expect(decide(aRequest(randomUUID(), 0), 0)).toMatchObject({ outcome: 'approved' });
  });

  it('lets a fault hit as many orders as its rate says, approved and rejected ones alike', () => {
    const settings: SimulatorSettings = { ...defaults, SIMULATOR_FAULT: 'down', SIMULATOR_FAULT_RATE: 0.3 };
    const hit = orderIds(4_000).filter((orderId) => faultOf(orderId, settings) === 'down');
    expect(Math.abs(hit.length / 4_000 - 0.3)).toBeLessThan(0.05);
    const approved = hit.filter((orderId) => decide(aRequest(orderId), 0.5).outcome === 'approved').length;
    expect(Math.abs(approved / hit.length - 0.5)).toBeLessThan(0.1);
  });

  it('charges nothing while it is down', async () => {
    const { ask, calls } = aSimulator({ SIMULATOR_FAULT: 'down' });
    const request = aRequest();
    await expect(ask(request)).rejects.toMatchObject({ code: 'unavailable' });
    expect(calls(request.idempotencyKey)).toBe(0);
  });

  it('answers twice, the same both times, with the fault "answers-twice"', async () => {
    const { ask, calls } = aSimulator({ SIMULATOR_FAULT: 'answers-twice' });
    const request = aRequest();
    const answers = await ask(request);
    expect(answers).toHaveLength(2);
    expect(answers[1]).toEqual(answers[0]);
    expect(calls(request.idempotencyKey)).toBe(1);
  });

  it('charges, and loses the first answer, with the fault "answer-lost"', async () => {
    const { ask, calls } = aSimulator({ SIMULATOR_FAULT: 'answer-lost' });
    const request = aRequest();
    await expect(ask(request)).rejects.toMatchObject({ code: 'unavailable' });
    expect(calls(request.idempotencyKey)).toBe(1);
    expect(await ask(request)).toHaveLength(1);
    expect(calls(request.idempotencyKey)).toBe(2);
  });

  it('has charged, and gives up, when its caller does while the answer is on its way', async () => {
    const { ask, calls } = aSimulator({ SIMULATOR_FAULT: 'slow', SIMULATOR_SLOW_MS: 200, SIMULATOR_LATENCY_MS: 0 });
    const request = { ...aRequest(), signal: AbortSignal.timeout(150) };
    await expect(ask(request)).rejects.toMatchObject({ code: 'unavailable' });
    expect(calls(request.idempotencyKey)).toBe(1);
  });
});
