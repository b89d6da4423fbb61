import { type Ended, runCompiled } from '../../start/testing/run-compiled.js';

/** Runs the command with these settings of the broker alone. */
export function runTopics(env: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<Ended> {
  const { PATH } = process.env;
  return runCompiled('tools/dist/topics/cli.js', args, { PATH, ...env });
}
