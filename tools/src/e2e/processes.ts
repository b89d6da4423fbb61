import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { System } from '../start/whole-system.js';

/** The processes, other than those of PostgreSQL's own making, that work for this system: all that know its folder. */
export function processesOf(system: System): number[] {
  return existsSync('/proc/self/environ') ? processesThatKnow(system.dataDir) : fromState(system);
}

/**
 * Linux tells the environment and command line of each process, so that one that nobody listed is found too; elsewhere
 * it finds none.
 */
export function processesThatKnow(folder: string): number[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ['environ', 'cmdline'].some((file) => read(`/proc/${pid}/${file}`).includes(folder)))
    .filter((pid) => !/\) [ZX] /.test(read(`/proc/${pid}/stat`)) && !isCommandOfTest(pid))
    .map(Number);
}

/** The faker and the judge know the folder too, and are not part of the system. */
function isCommandOfTest(pid: string): boolean {
  return read(`/proc/${pid}/cmdline`).includes('bin/run.mjs');
}

/** A process may end, or belong to somebody else. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

let known: number[] = [];

/** Elsewhere: what the system itself told when it was asked last. */
function fromState(system: System): number[] {
  if (existsSync(`${system.dataDir}/system.json`)) {
    const { processes, supervisorPid, postgres } = system.state();
    const pids = [supervisorPid, postgres?.pid, postgres?.watcherPid, ...processes.map(({ pid }) => pid)];
    known = pids.filter((pid) => pid !== undefined);
  }
  return known.filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
}

/** How a process was started. */
export function commandLine(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  if (existsSync(file)) return readFileSync(file, 'utf8').replaceAll('\0', ' ');
  return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
}
