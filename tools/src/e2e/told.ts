import type { ToolResult } from '../start/whole-system.js';

/** Shows what belongs to an outcome, such as its seed. On stderr: what a test writes to stdout, nobody sees. */
export function tell(text: string): void {
  process.stderr.write(`${text.trimEnd()}\n`);
}

/** Fails, with all that the tool printed, unless it ended with this code. */
export function expectCode(code: number, result: ToolResult): void {
  if (result.code === code) return;
  throw new Error(`ended with ${result.code} instead of ${code}, and printed:\n${result.output}`);
}
