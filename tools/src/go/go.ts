import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The minor version of Go 1 that builds what we use of it, unless something wants a newer one. */
const GO = 24;

/** Whether there is a Go that is new enough: 1.24, or another minor version of it. */
export function hasGo(least = GO): boolean {
  const { stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  const minor = /^go1\.(\d+)/.exec(stdout ?? '')?.[1];
  return Number(minor) >= least;
}

/** Builds commands, such as `example.org/some/command@v1.2.3`, into a folder. */
export async function goInstall(folder: string, commands: readonly string[]): Promise<void> {
  const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' };
  for (const command of commands) await run('go', ['install', '-ldflags=-s -w', command], { cwd: folder, env });
}
