import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, runCompiled } from '../../start/testing/run-compiled.js';

/**
 * Runs `npm run audit` or `npm run sbom`, as `npm run setup` has compiled it, with an npm that knows this registry and has a cache of
 * its own: advisories would be kept in it.
 */
export async function runProgram(
  name: 'audit' | 'sbom',
  args: readonly string[],
  registry = 'http://127.0.0.1:1',
): Promise<Ended> {
  const cache = mkdtempSync(join(tmpdir(), 'alpes-npm-cache-'));
  const settings = { npm_config_registry: registry, npm_config_cache: cache, npm_config_fetch_retries: '0' };
  const env = { ...process.env, ...settings, NODE_OPTIONS: '' };
  const ended = await runCompiled(`tools/dist/supply-chain/${name}.js`, args, env);
  rmSync(cache, { recursive: true });
  return ended;
}
