import { describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { crearLog, crearOrden, ordenActualizada, ordenCreada, transaccionProcesada } from './testing/messages.js';
import { raceSagaLogServices } from './testing/saga-log-service.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(120_000);

describe('replicas of the saga log that get the same messages in different orders, on all topics at once', () => {
  it('never deadlock, and write each step down once', async () => {
    const ids = Array.from({ length: 30 }, () => randomUUID());
    const kinds = [crearOrden, ordenCreada, ordenActualizada, transaccionProcesada, crearLog];
    const messages = ids.flatMap((id) => kinds.map((kind) => kind(id)));
    const gaps = { afterMs: 30_000, windowMs: 60_000 };
    const { prisma, published, deadlocks, drop } = await raceSagaLogServices(gaps, [() => messages]);
    try {
      expect(deadlocks).toBe(0);
      expect(await prisma.step.count()).toBe(messages.length);
      expect(published).toEqual([]);
    } finally {
      await drop();
    }
  });
});
