import { afterAll, beforeAll } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchCluster, type RunningCluster } from '../launch.js';

/** A PostgreSQL for the tests of a file, where no global setup has started one: that in which test databases are made. */
export function useCluster(): void {
  let folder: string;
  let cluster: RunningCluster;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alpes-test-'));
    // As root, PostgreSQL runs as another user, who has to get at its data.
    chmodSync(folder, 0o755);
    cluster = await launchCluster(folder, { throwAway: true });
    process.env['TEST_DATABASE_URL'] = cluster.url;
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}
