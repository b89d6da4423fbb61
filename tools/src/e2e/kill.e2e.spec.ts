import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, startSystem, type System, type ToolResult } from './system.js';

let system: System;
let ledger: string;
beforeAll(async () => {
  system = await startSystem();
  ledger = join(system.dataDir, 'ledger');
}, 180_000);
afterAll(() => system.dispose(), 60_000);

const VICTIMS = ['order', 'payment', 'reporting', 'saga-log', 'bff'];

function pidOf(name: string): number {
  const pid = system.state().processes.find((one) => one.name === name)?.pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

const ledgerLines = (): number => readFileSync(ledger, { encoding: 'utf8', flag: 'a+' }).split('\n').length - 1;

/** Those of the processes that live; one that is dead and waits for somebody to notice does not. */
function living(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    try {
      process.kill(pid, 0);
    } catch {
      return false;
    }
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
  });
}

/** Every process that works for this system, PostgreSQL's own included. */
function processesOfSystem(): number[] {
  const { processes, supervisorPid, postgres } = system.state();
  const listed = [supervisorPid, postgres?.pid, postgres?.watcherPid, ...processes.map(({ pid }) => pid)];
  return listed.filter((pid) => pid !== undefined);
}

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
  const result = await runCommand(system, 'reconcile', ['--ledger', ledger, '--wait', '90']);
  if (result.code !== 0) process.stdout.write(result.output);
  expect(result.code).toBe(0);
}

describe('kill -9', () => {
  it('of each service in turn under load loses nothing and doubles nothing', async () => {
    const faker = load(1_500, 11);
    for (const [index, victim] of VICTIMS.entries()) {
      await eventually(() => ledgerLines() > 150 + index * 250, { timeoutMs: 60_000 });
      const pid = pidOf(victim);
      process.kill(pid, 'SIGKILL');
      await eventually(() => pidOf(victim) !== pid, { timeoutMs: 20_000 });
    }
    expect(await faker).toMatchObject({ code: 0 });
    expect(system.output()).toMatch(/order ended \(SIGKILL\): starting it again/);
    await expectNothingWrong();
  }, 240_000);

  it('of the supervisor leaves no process behind', async () => {
    const pids = processesOfSystem();
    await system.killSupervisor();
    await eventually(() => living(pids).length === 0, { timeoutMs: 20_000 });
    await system.start();
    await expectNothingWrong();
  }, 240_000);

  it('of everything at once under load loses nothing and doubles nothing', async () => {
    const before = ledgerLines();
    const faker = load(1_000, 12);
    await eventually(() => ledgerLines() > before + 300, { timeoutMs: 60_000 });
    const pids = processesOfSystem();
    execFileSync('kill', ['-9', ...pids.map(String)]);
    await eventually(() => living(pids).length === 0, { timeoutMs: 20_000 });
    await system.start();
    expect(await faker).toMatchObject({ code: 0 });
    await expectNothingWrong();
    expect(await system.interrupt()).toBe(0);
    expect(living(pids)).toEqual([]);
  }, 300_000);
});
