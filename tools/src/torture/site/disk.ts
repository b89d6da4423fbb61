import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

/** A disk of its own for a folder, whose quota can be used up. */
export interface Disk {
  /** From now on nothing more can be written to it. */
  fill(): void;
  empty(): void;
  close(): void;
}

const QUOTA = 4 * 2 ** 30;
/** What is left when it is full: less than PostgreSQL needs for anything. */
const REST = 64 * 2 ** 10;

/** Mounts one, in memory, at an empty folder; undefined where we may not, as only the superuser of a Linux may. */
export function openDisk(folder: string): Disk | undefined {
  mkdirSync(folder, { recursive: true });
  try {
    mount(['-t', 'tmpfs', '-o', `size=${QUOTA}`, 'alpes-torture', folder]);
  } catch {
    return undefined;
  }
  const limit = (bytes: number): void => mount(['-o', `remount,size=${bytes}`, folder]);
  return {
    fill: () => {
      const { bsize, blocks, bfree } = statfsSync(folder);
      limit((blocks - bfree) * bsize + REST);
    },
    empty: () => limit(QUOTA),
    // Lazily: it goes once nobody uses it any more.
    close: () => void execFileSync('umount', ['-l', folder], { stdio: 'ignore' }),
  };
}

function mount(args: readonly string[]): void {
  execFileSync('mount', args, { stdio: 'ignore' });
}
