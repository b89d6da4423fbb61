import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { forkWarehouse } from '../fixtures/shop/fork.js';
import { type Lab, manyPlaced, openLab } from '../fixtures/shop/lab.js';
import { CRASH_POINTS, crashLine } from './crash-points.js';
import { eventually } from './testing/eventually.js';

jest.setTimeout(60_000);

/** The points that belong to no package, but to the worker of a service. */
const OF_WORKERS = ['claimed', 'charged'];

let lab: Lab;
let child: ChildProcess;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(async () => {
  child.kill('SIGKILL');
  await lab.close();
});

/** Starts a process with a crash ahead; returns what it has written to stderr. */
function start(crash: string): () => string {
  let said = '';
  const transportSettings = { leaseMs: 600, pollMs: 100 };
  child = forkWarehouse({ databaseUrl: lab.database.url, logUrl: lab.logUrl, transportSettings, crash }, 'pipe');
  child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  return () => said;
}

describe('a process in which a crash point is armed', () => {
  it.each(CRASH_POINTS.filter((point) => !OF_WORKERS.includes(point)))(
    'passes %s and is killed there, and says so before',
    async (point) => {
      const said = start(`${point}:1:kill`);
      await lab.publish(manyPlaced(5));
      await eventually(() => child.signalCode === 'SIGKILL', { timeoutMs: 30_000 });
      await eventually(() => said() === `${crashLine(point, 'kill')}\n`);
    },
  );

  it('is killed at the passage that was asked for, not before', async () => {
    start('committed:3:kill');
    const orders = manyPlaced(3);
    for (const [index, order] of orders.entries()) {
      await lab.publish([order]);
      await lab.writtenAre(index + 1, 30_000);
    }
    await eventually(() => child.signalCode === 'SIGKILL');
    expect(await lab.written()).toHaveLength(3);
    // The third was handled and not acknowledged.
    expect(await lab.transport.backlog('orders', 'warehouse')).toBe(1);
  });

  it('stands still once, until it is thawed, and goes on as if nothing had been', async () => {
    const said = start('received:1:freeze');
    await lab.publish(manyPlaced(5));
    await eventually(() => said() === `${crashLine('received', 'freeze')}\n`, { timeoutMs: 30_000 });
    expect(await lab.written()).toEqual([]);
    child.kill('SIGCONT');
    await lab.writtenAre(5);
    await lab.publish(manyPlaced(5));
    await lab.writtenAre(10);
    await lab.drained();
    expect(child.exitCode ?? child.signalCode).toBeNull();
  });
});
