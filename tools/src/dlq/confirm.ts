import { createInterface } from 'node:readline/promises';

/** Asks the person at the terminal; only a "y" or a "yes" is one. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C, or the end of the input, is a no.
  const refused = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  terminal.once('SIGINT', () => terminal.close());
  const answer = await Promise.race([terminal.question(`${question} [y/N] `), refused]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
