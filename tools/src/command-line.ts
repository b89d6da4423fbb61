import { AlpesError } from '@alpes/messaging';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Interrupted } from './interrupt.js';
import { StartFailed } from './start/start-failed.js';

/** A command line that can't be understood; the message says why and what is known. */
export class WrongArguments extends Error {}

/** Reads a command line; throws WrongArguments unless it is as the options say. */
export function parseCommandLine<Config extends Omit<ParseArgsConfig, 'args' | 'strict'>>(
  args: readonly string[],
  config: Config,
): ReturnType<typeof parseArgs<Config & { args: string[]; strict: true }>> {
  try {
    return parseArgs({ ...config, args: [...args], strict: true });
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The value of an option that is a whole number from 1; throws WrongArguments. */
export function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new WrongArguments(`${option} is "${text}": it is a whole number from 1`);
  return Number(text);
}

/** Says something to whoever has given a command. What it is about goes to stdout, where a program may read it. */
export const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** What shells say of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Runs the command of this process and resolves to its exit code: that to which `main` resolves; 130 if it was interrupted;
 * 2, with how it is to be used, if its command line can't be understood; 1, with what is wrong, if it fails. What nobody has
 * foreseen has its stack.
 */
export async function runCommandLine(
  usage: string,
  main: (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<number>,
): Promise<number> {
  try {
    return await main(process.argv.slice(2), process.env);
  } catch (error) {
    if (error instanceof Interrupted) return INTERRUPTED;
    if (error instanceof WrongArguments) {
      tell(`${error.message}\n\n${usage}`);
      return 2;
    }
    const isForeseen = error instanceof AlpesError || error instanceof StartFailed;
    tell(isForeseen ? error.message : String((error as Error).stack ?? error));
    return 1;
  }
}
