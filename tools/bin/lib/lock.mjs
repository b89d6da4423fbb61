import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './progress.mjs';
import { root } from './run-tool.mjs';
import { hash } from './stamps.mjs';

// Not inside node_modules, which `npm ci` removes; per user, for another user's file could not be removed.
const folder = join(tmpdir(), `alpes-setup-${process.getuid?.() ?? 'user'}-${hash(root).slice(0, 12)}`);
const ownerFile = join(folder, 'pid');

/** Lets one process at a time set up this checkout: two commands given at once must not install over each other. */
export async function withLock(work) {
  let told = false;
  while (!take()) {
    if (!told) say('  Waiting for another set-up of this folder …');
    told = true;
    await wait(100);
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function take() {
  try {
    mkdirSync(folder);
    writeFileSync(ownerFile, String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isAbandoned()) rmSync(folder, { recursive: true, force: true });
    return false;
  }
}

function isAbandoned() {
  try {
    const pid = Number(readFileSync(ownerFile, 'utf8'));
    if (!(pid > 0)) return false;
    process.kill(pid, 0);
    return pid === process.pid;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
