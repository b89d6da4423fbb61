import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchCluster, type RunningCluster } from '../postgres/launch.js';

declare global {
  var alpesTestCluster: RunningCluster | undefined;
}

/** One real PostgreSQL for all integration tests, which each make databases of their own in it. */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-test-'));
  // PostgreSQL does not run as root: its user has to get at its data. What is secret in there is so by itself.
  chmodSync(folder, 0o755);
  const cluster = await launchCluster(folder, { throwAway: true });
  // Jest may end as soon as its tests have; the cluster notices that and ends too.
  cluster.process.unref();
  cluster.process.channel?.unref();
  globalThis.alpesTestCluster = cluster;
  process.env['TEST_DATABASE_URL'] = cluster.url;
}
