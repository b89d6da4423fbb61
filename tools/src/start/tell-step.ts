/** Does a step and says on stderr that it is done and how long it took. */
export async function tellStep<T>(name: string | ((result: T) => string), work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  const text = typeof name === 'string' ? name : name(result);
  const tick = process.stderr.isTTY ? '\x1b[32m✓\x1b[0m' : '✓';
  process.stderr.write(`${tick} ${text} (${Math.round(performance.now() - start)} ms)\n`);
  return result;
}
