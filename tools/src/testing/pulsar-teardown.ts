/** Stops what the set-up started, which then removes its data. */
export default async function pulsarTeardown(): Promise<void> {
  // It was not to keep Jest from ending; now its end is what we wait for.
  globalThis.alpesTestPulsar?.process.ref();
  await globalThis.alpesTestPulsar?.stop();
}
