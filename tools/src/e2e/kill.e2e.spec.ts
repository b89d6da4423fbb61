import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processesOf } from './processes.js';
import { pidOf, runCommand, startSystem, type System, type ToolResult } from '../start/whole-system.js';
import { expectCode } from './told.js';

let system: System;
let ledger: string;
beforeAll(async () => {
  system = await startSystem();
  ledger = join(system.dataDir, 'ledger');
}, 180_000);
afterAll(() => system.dispose(), 60_000);

/** The supervisor, six processes, PostgreSQL and its watcher. */
const EVERY_PROCESS = 9;
const VICTIMS = ['order', 'payment', 'reporting', 'saga-log', 'bff'];

/** How many there were: who keeps another alive may have started it again before its own turn came. */
function killAll(): number {
  const pids = processesOf(system);
  for (const pid of pids) kill(pid);
  return pids.length;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

const ledgerLines = (): number => readFileSync(ledger, { encoding: 'utf8', flag: 'a+' }).split('\n').length - 1;

function load(orders: number, seed: number): Promise<ToolResult> {
  return runCommand(system, 'faker', [
    '--orders',
    String(orders),
    '--rate',
    '3000/min',
    '--seed',
    String(seed),
    '--ledger',
    ledger,
  ]);
}

async function expectNothingWrong(): Promise<void> {
  expectCode(0, await runCommand(system, 'reconcile', ['--ledger', ledger, '--wait', '90']));
}

describe('kill -9', () => {
  it('of each service in turn under load loses nothing and doubles nothing', async () => {
    const faker = load(1_000, 11);
    for (const [index, victim] of VICTIMS.entries()) {
      await eventually(() => ledgerLines() > 120 + index * 160, { timeoutMs: 60_000 });
      const pid = pidOf(system, victim);
      process.kill(pid, 'SIGKILL');
      await eventually(() => pidOf(system, victim) !== pid, { timeoutMs: 20_000 });
      expect(system.output()).toContain(`${victim} ended (SIGKILL): starting it again`);
    }
    expectCode(0, await faker);
    await expectNothingWrong();
  }, 240_000);

  it('of the supervisor leaves no process behind', async () => {
    expect(processesOf(system).length).toBeGreaterThanOrEqual(EVERY_PROCESS);
    await system.killSupervisor();
    await eventually(() => processesOf(system).length === 0, { timeoutMs: 20_000 });
    await system.start();
    await expectNothingWrong();
  }, 240_000);

  it('of everything at once under load loses nothing and doubles nothing', async () => {
    const before = ledgerLines();
    const faker = load(600, 12);
    await eventually(() => ledgerLines() > before + 200, { timeoutMs: 60_000 });
    await eventually(() => killAll() === 0, { timeoutMs: 20_000 });
    await system.start();
    expectCode(0, await faker);
    await expectNothingWrong();
    expect(await system.interrupt()).toBe(0);
    await eventually(() => processesOf(system).length === 0);
  }, 300_000);
});
