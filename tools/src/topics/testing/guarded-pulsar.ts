import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchPulsar, type RunningPulsar } from '../../pulsar/launch.js';
import { signToken } from '../../pulsar/access.js';
import type { AdminCommand } from './documented-admin.js';

/** A broker that wants tokens, and gives rights to roles. */
export interface GuardedPulsar extends Pick<RunningPulsar, 'urls' | 'stop'> {
  tokenOf(role: string, expiresAt?: Date): string;
  /** Does what a command of `pulsar-admin` does, with the token of a role. */
  run(role: string, command: AdminCommand): Promise<void>;
}

/** Starts one that lives as long as the test. */
export async function startGuardedPulsar(): Promise<GuardedPulsar> {
  const dataDir = mkdtempSync(join(tmpdir(), 'alpes-roles-'));
  const [key, tokenKeyFile] = [randomBytes(32), join(dataDir, 'token.key')];
  writeFileSync(tokenKeyFile, key);
  const { urls, stop } = await launchPulsar(dataDir, { throwAway: true, tokenKeyFile });
  const tokenOf: GuardedPulsar['tokenOf'] = (role, expiresAt) => signToken(key, role, expiresAt);
  return {
    ...{ urls, stop, tokenOf },
    run: async (role, { line, call: { method, path, body } }) => {
      const headers = { authorization: `Bearer ${tokenOf(role)}`, 'content-type': 'application/json' };
      const response = await fetch(`${urls.admin}/admin/v2/${path}`, { method, headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${line}: ${response.status} ${await response.text()}`);
    },
  };
}
