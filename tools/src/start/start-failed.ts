/** The system could not be started; the message is all that a person needs to know. */
export class StartFailed extends Error {}

/** One text of what several processes said: a setting that all of them read is wrong once, not once for each. */
export function summarise(said: readonly string[]): string {
  const lines = said.flatMap((text) => text.split('\n')).map((line) => line.replace(/^[a-z-]+: /, ''));
  return [...new Set(lines.filter((line) => line.trim() !== ''))].join('\n');
}
