import type { TransportMessage } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ordenActualizada, ordenCreada } from '../testing/messages.js';
import { type SagaLogService, startSagaLogService } from '../testing/saga-log-service.js';
import { gapCounter } from './gap-counter.js';

const HOUR = 3_600_000;

let service: SagaLogService;

beforeAll(async () => {
  service = await startSagaLogService({ afterMs: 500, windowMs: HOUR });
}, 30_000);
afterAll(() => service.stop());

async function tell(...messages: readonly TransportMessage[]): Promise<void> {
  await service.publish(messages);
  await service.settled();
}

/** The metric, as it is scraped. */
async function scraped(): Promise<number> {
  const text = await (await service.get('/metrics')).text();
  return Number(/^alpes_saga_version_gaps\{[^}]*\} (\S+)$/m.exec(text)?.[1]);
}

/** How many gaps there are, by the database, that have been open for this time. */
function gaps(afterMs: number, windowMs = HOUR): Promise<number> {
  return gapCounter(service.prisma, { afterMs, windowMs })();
}

/** Makes an order older: as if its steps had been recorded so many ms earlier. */
async function age(id: string, ms: number): Promise<void> {
  await service.prisma.$executeRaw`
    UPDATE steps SET recorded_at = recorded_at - ${ms}::int * interval '1 millisecond' WHERE order_id = ${id}::uuid`;
}

describe('the gaps in the versions of orders', () => {
  it('are shown once they stay open, and vanish when what was missing comes', async () => {
    const id = randomUUID();
    await tell(ordenCreada(id), ordenActualizada(id, { version: 3 }));
    await expect(gaps(HOUR)).resolves.toBe(0);
    await eventually(async () => (await scraped()) === 1, { what: 'the gap is shown' });
    await tell(ordenActualizada(id, { version: 2 }));
    await expect(scraped()).resolves.toBe(0);
    await expect(gaps(1)).resolves.toBe(0);
  });

  it('include a creation that is missing, and count orders, not gaps', async () => {
    const id = randomUUID();
    await tell(...[2, 4, 5, 8].map((version) => ordenActualizada(id, { version })));
    await age(id, 1_000);
    await expect(gaps(1_000)).resolves.toBe(1);
    await tell(ordenCreada(id), ...[3, 6].map((version) => ordenActualizada(id, { version })));
    await expect(gaps(1_000)).resolves.toBe(1);
    await tell(ordenActualizada(id, { version: 7 }));
    await expect(gaps(1_000)).resolves.toBe(0);
  });

  it('have been open since the first version above them came, not since the last', async () => {
    const id = randomUUID();
    await tell(ordenCreada(id), ordenActualizada(id, { version: 4 }));
    await age(id, 60_000);
    await tell(ordenActualizada(id, { version: 3 }));
    await expect(gaps(60_000)).resolves.toBe(1);
    await tell(ordenActualizada(id, { version: 2 }));
  });

  it('are not looked for in orders that have not changed for long', async () => {
    const id = randomUUID();
    await tell(ordenActualizada(id, { version: 2 }));
    await age(id, 60_000);
    await expect(gaps(1_000, 61_000 + HOUR)).resolves.toBe(1);
    await expect(gaps(1_000, 59_000)).resolves.toBe(0);
    await tell(ordenCreada(id));
  });
});
