import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchPulsar, type RunningPulsar } from '../pulsar/launch.js';
import { stateFileOf } from '../pulsar/state.js';

declare global {
  var alpesTestPulsar: RunningPulsar | undefined;
}

/** One real broker for all tests that need one; its topics have random names. */
export default async function pulsarSetup(): Promise<void> {
  const pulsar = await launchPulsar(mkdtempSync(join(tmpdir(), 'alpes-pulsar-')), { throwAway: true });
  // Jest may end as soon as its tests have; the broker's keeper notices that and ends too.
  pulsar.process.unref();
  pulsar.process.channel?.unref();
  globalThis.alpesTestPulsar = pulsar;
  process.env['TEST_PULSAR_STATE'] = stateFileOf(pulsar.folder);
  // What whole systems are started with.
  const { urls } = pulsar;
  process.env['BROKER_URL'] = process.env['TEST_PULSAR_PROTOCOL'] === 'binary' ? urls.binary : urls.websocket;
  process.env['PULSAR_ADMIN_URL'] = urls.admin;
}
