import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Stops what the set-up started, and removes its data. */
export default async function pulsarTeardown(): Promise<void> {
  const pulsar = globalThis.alpesTestPulsar;
  // It was not to keep Jest from ending; now its end is what we wait for.
  pulsar?.process.ref();
  await pulsar?.stop();
  if (pulsar !== undefined) rmSync(dirname(pulsar.folder), { recursive: true, force: true });
}
