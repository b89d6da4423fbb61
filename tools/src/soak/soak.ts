import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readLedger } from '../reconcile/ledger.js';
import { findPlaces } from '../reconcile/places.js';
import { reconcile, type Verdict } from '../reconcile/reconcile.js';
import { owners } from '../reconcile/sources.js';
import { startCommand, startSystem, type System } from '../start/whole-system.js';
import type { Arguments } from './arguments.js';
import { growthFindings, type Memory } from './findings.js';
import { residentMemory } from './memory.js';
import { readTables, type Table } from './tables.js';

/** What a soak has found. */
export interface Soaked {
  /** Of the time after the system had got warm. */
  readonly memories: readonly Memory[];
  readonly warm: readonly Table[];
  readonly end: readonly Table[];
  readonly verdict: Verdict;
  readonly findings: readonly string[];
}

const SAMPLE_MS = 5_000;
const WAIT_MS = 60_000;

/** Runs a system of its own under a constant load, and looks what grows. */
export async function soak({ minutes, rate, folder }: Arguments, say: (text: string) => void): Promise<Soaked> {
  mkdirSync(folder, { recursive: true });
  const ledger = join(folder, 'ledger');
  writeFileSync(ledger, '');
  const system = await startSystem({ asInProduction: true });
  try {
    const args = ['--orders', String(rate * minutes * 2), '--rate', `${rate}/min`, '--ledger', ledger, '--wait', '0'];
    const load = startCommand(system, 'faker', args);
    const warmMs = (minutes * 60_000) / 3;
    await delay(warmMs);
    const warm = await readTables(system.state().databases);
    say(`Warm after ${(warmMs / 60_000).toFixed(1)} minutes.`);
    const memories = await sampleMemory(system, 2 * warmMs);
    load.interrupt();
    await load.ended;
    const verdict = await reconcile({
      places: findPlaces(system.dataDir, system.env, owners),
      ledger: await readLedger(ledger),
      ...{ waitMs: WAIT_MS, mostOfEachKind: 20, onWait: () => {} },
    });
    const end = await readTables(system.state().databases);
    return { memories, warm, end, verdict, findings: growthFindings(memories, warm, end) };
  } finally {
    await system.dispose();
  }
}

/** Of every process that has the same number all the time: one that was started again is a finding by itself. */
async function sampleMemory(system: System, ms: number): Promise<Memory[]> {
  const memories = system.state().processes.map(({ name, pid }) => ({ name, pid, samples: [] as number[] }));
  for (const end = performance.now() + ms; performance.now() < end; await delay(SAMPLE_MS)) {
    for (const { name, pid, samples } of memories) {
      const bytes = pid === undefined ? undefined : residentMemory(pid);
      if (bytes === undefined) throw new Error(`${name} has ended:\n${system.output().slice(-2_000)}`);
      samples.push(bytes);
    }
  }
  return memories;
}
