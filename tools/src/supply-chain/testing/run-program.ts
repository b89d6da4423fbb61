import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs `npm run audit` or `npm run sbom`, as `npm run setup` has compiled it, with an npm that knows this registry and has a cache of
 * its own: advisories would be kept in it.
 */
export function runProgram(name: 'audit' | 'sbom', args: readonly string[], registry = 'http://127.0.0.1:1') {
  const program = fileURLToPath(new URL(`../../../dist/supply-chain/${name}.js`, import.meta.url));
  const cache = mkdtempSync(join(tmpdir(), 'alpes-npm-cache-'));
  const settings = { npm_config_registry: registry, npm_config_cache: cache, npm_config_fetch_retries: '0' };
  const env = { ...process.env, ...settings, NODE_OPTIONS: '' };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, out, err) => {
      rmSync(cache, { recursive: true });
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}
