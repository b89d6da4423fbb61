import { AlpesError } from '@alpes/messaging';
import type { z } from 'zod';

/** The input as the schema describes it; throws `invalid-input` with every part that is wrong, `at` before its path. */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown, at: string): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const details = result.error.issues.flatMap((issue) =>
    pathsOf(issue, at).map((path) => ({ path, message: issue.message })),
  );
  const text = details.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new AlpesError('invalid-input', text, { details });
}

/** An unknown field is named itself, not the object that holds it. */
function pathsOf(issue: z.core.$ZodIssue, at: string): string[] {
  const path = [...(at === '' ? [] : [at]), ...issue.path.map(String)];
  const names = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  return names.map((parts) => parts.join('.') || 'body');
}
