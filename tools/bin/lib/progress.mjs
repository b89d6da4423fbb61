/** A reason to stop that a person can act on: printed as it is, without a stack. */
export class SetupError extends Error {}

const colour = process.stderr.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);

export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Milliseconds since `start` (of performance.now()) as people read them. */
export function elapsed(start) {
  const ms = performance.now() - start;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Prints one line for a step that was done, with the time it took. */
export function done(name, start) {
  say(`${paint('32', '✓')} ${name} ${paint('2', `(${elapsed(start)})`)}`);
}

export function failed(name, start) {
  say(`${paint('31', '✗')} ${name} ${paint('2', `(${elapsed(start)})`)}`);
}

/**
 * Runs `work` and prints a line when it is over. `advice` says what a person can do when it fails.
 *
 * @template T
 * @param {string} name
 * @param {string} advice
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, advice, work) {
  const start = performance.now();
  try {
    const result = await work();
    done(name, start);
    return result;
  } catch (error) {
    failed(name, start);
    throw new SetupError(`${error.message}\n\n${advice}`, { cause: error });
  }
}

/** For commands: what stops them is told to a person, and the exit code is 1. */
export async function exitOnFailure(work) {
  try {
    await work();
  } catch (error) {
    say(error instanceof SetupError ? error.message : String(error?.stack ?? error));
    process.exit(1);
  }
}
