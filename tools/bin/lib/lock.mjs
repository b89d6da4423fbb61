import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './progress.mjs';
import { root } from './run-tool.mjs';
import { hash } from './stamps.mjs';

// Not inside node_modules, which `npm ci` removes; per user, for another user's file could not be removed.
const folder = join(tmpdir(), `alpes-setup-${process.getuid?.() ?? 'user'}-${hash(root).slice(0, 12)}`);
const ownerFile = join(folder, 'pid');
/** The owner renews its lock this often, in ms; one that was not renewed for so long is nobody's. */
const renewal = 1_000;
const expiry = 10_000;

/** Lets one process at a time set up this checkout: two commands given at once must not install over each other. */
export async function withLock(work) {
  let told = false;
  while (!take()) {
    if (!told) say('  Waiting for another set-up of this folder …');
    told = true;
    await wait(100);
  }
  const timer = setInterval(renew, renewal);
  try {
    return await work();
  } finally {
    clearInterval(timer);
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

function renew() {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // Somebody removed it: then nothing is to be renewed.
  }
}

/** The number of an owner that was killed may be another program's by now, and it may not have come to write it down. */
function isAbandoned() {
  return ownerIsGone() || Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > expiry;
}

function ownerIsGone() {
  try {
    const pid = Number(readFileSync(ownerFile, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return pid === process.pid;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
