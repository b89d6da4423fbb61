import { armCrashPoint, type CrashPoint } from '@alpes/messaging';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PaymentGateway } from '../domain/payment-gateway.js';
import { ordenCreada } from '../testing/messages.js';
import { orderIds } from '../testing/orders.js';
import { createPaymentBed, type PaymentBed, type Replica, startReplica } from '../testing/payment-service.js';

jest.setTimeout(30_000);

let bed: PaymentBed;
let replica: Replica | undefined;
beforeEach(async () => {
  bed = await createPaymentBed();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await replica?.stop();
  await bed.drop();
});

/** What happens around one charge, the signal included that would end this process if it were not a test's. */
async function passages(point: CrashPoint): Promise<string[]> {
  const passed: string[] = [];
  jest.spyOn(process, 'kill').mockImplementation((_, signal) => {
    passed.push(String(signal));
    return true;
  });
  const wrap = (gateway: PaymentGateway): PaymentGateway => ({
    ...gateway,
    charge: (request, answer) => {
      passed.push('asked');
      return gateway.charge(request, async (given) => {
        passed.push('charged');
        await answer(given);
        passed.push('recorded');
      });
    },
  });
  armCrashPoint(`${point}:1:kill`);
  replica = await startReplica(bed, { wrap });
  await bed.publish(orderIds(1).map((id) => ordenCreada(id)));
  await bed.settled();
  await bed.allAnswered();
  return passed;
}

describe('the worker passes', () => {
  it('claimed when it has a transaction and has not asked the gateway', async () => {
    expect(await passages('claimed')).toEqual(['SIGKILL', 'asked', 'charged', 'recorded']);
  });

  it('charged when the gateway has the charge and nothing is recorded', async () => {
    expect(await passages('charged')).toEqual(['asked', 'charged', 'SIGKILL', 'recorded']);
  });
});
