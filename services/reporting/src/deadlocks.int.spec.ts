import { describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ordenActualizada, ordenCreada, transaccionProcesada } from './testing/messages.js';
import { raceReportingServices } from './testing/reporting-service.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(120_000);

describe('replicas of reporting that get the same orders in different orders, on all topics at once', () => {
  it('never deadlock, and end with one report of each order, as it was told last', async () => {
    const ids = Array.from({ length: 60 }, () => randomUUID());
    const all = () => ids.flatMap((id) => [ordenCreada(id), ordenActualizada(id), transaccionProcesada(id)]);
    const messages = all();
    const { prisma, published, deadlocks, drop } = await raceReportingServices([() => [...all(), ...messages]]);
    try {
      expect(deadlocks).toBe(0);
      const reports = await prisma.orderReport.findMany();
      expect(reports.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect(
        reports.every(({ status, transactionState }) => `${status} ${transactionState}` === 'APPROVED APPROVED'),
      ).toBe(true);
      expect(published).toEqual([]);
    } finally {
      await drop();
    }
  });
});
