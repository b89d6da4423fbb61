import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { StartFailed } from '../start/start-failed.js';
import { needJava, needMaven } from './needs.js';
import { readSettings } from './settings.js';

/** The version that everything here was tried with, and what its archive is. */
const VERSION = '4.0.6';
const SHA256 = 'e20d4c7ed6edad1fc81fc0c249ac62a5dae60b167561bd6ec77944e5a46bbfcc';
const ARTIFACT = `org.apache.pulsar:pulsar-server-distribution:${VERSION}:tar.gz:bin`;
/** Pinned, so that what we run does not change by itself. */
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

const NAME = `apache-pulsar-${VERSION}`;

const run = promisify(execFile);

/** Throws StartFailed, with what to do, unless Pulsar runs on this machine, and is here or can be fetched. */
export function needPulsar(env: NodeJS.ProcessEnv): void {
  needJava(env);
  if (!existsSync(join(readSettings(env).cacheDir, NAME))) needMaven();
}

/**
 * The folder of Pulsar's distribution, which is fetched with Maven (244 MB) the first time. Maven compares it with the
 * repository's checksum, and we with the one that we know.
 *
 * @throws StartFailed when it can't be fetched or is another one
 */
export async function ensureDistribution(cacheDir: string, say: (line: string) => void): Promise<string> {
  const home = join(cacheDir, NAME);
  if (existsSync(home)) return home;
  needMaven();
  mkdirSync(cacheDir, { recursive: true });
  const folder = mkdtempSync(join(cacheDir, 'unfinished-'));
  const ending = new AbortController();
  const leave = (): void => {
    ending.abort();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  // We may be told to stop meanwhile.
  process.once('exit', leave);
  try {
    say(`Fetching Pulsar ${VERSION} with Maven, once (244 MB) …`);
    const archive = await fetchArchive(folder, ending.signal);
    await run('tar', ['-xzf', archive, '-C', folder], ending);
    // Whole or not there at all; another process may have been faster.
    if (!existsSync(home)) renameSync(join(folder, NAME), home);
    return home;
  } finally {
    process.off('exit', leave);
    leave();
  }
}

async function fetchArchive(folder: string, signal: AbortSignal): Promise<string> {
  const args = [
    '-B',
    '-ntp',
    '-q',
    '--strict-checksums',
    COPY,
    `-Dartifact=${ARTIFACT}`,
    `-DoutputDirectory=${folder}`,
  ];
  try {
    await run('mvn', args, { cwd: folder, signal });
  } catch (error) {
    const { stdout = '', message } = error as Error & { stdout?: string };
    const reasons = stdout.split('\n').filter((line) => line.includes('[ERROR]'));
    throw new StartFailed(`Maven can't fetch ${ARTIFACT}:\n${reasons.slice(0, 3).join('\n') || message}`, {
      cause: error,
    });
  }
  const archive = join(folder, `pulsar-server-distribution-${VERSION}-bin.tar.gz`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  const sum = hash.digest('hex');
  if (sum === SHA256) return archive;
  throw new StartFailed(
    `What Maven has of ${ARTIFACT} is not what it should be: its SHA-256 is ${sum}, not ${SHA256}. Remove it from Maven's ` +
      'local repository (~/.m2/repository/org/apache/pulsar/pulsar-server-distribution) and try again; if it comes again, ' +
      'do not trust where Maven fetches it.',
  );
}
