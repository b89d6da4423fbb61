/** Stops what the global set-up started, which then removes its data. */
export default async function globalTeardown(): Promise<void> {
  // It was not to keep Jest from ending; now its end is what we wait for.
  globalThis.alpesTestCluster?.process.ref();
  await globalThis.alpesTestCluster?.stop();
}
