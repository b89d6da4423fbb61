import { AlpesError, type ErrorDetail } from '@alpes/messaging';
import type { z } from 'zod';

/** Most parts of an input that are named as wrong: an answer must not grow with the nonsense it answers. */
const MOST_DETAILS = 50;

/** The input as the schema describes it; throws `invalid-input` with the parts that are wrong, `at` before its path. */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown, at: string): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const details = uniqueByPath(result.error.issues.flatMap((issue) => detailsOf(issue, at))).slice(0, MOST_DETAILS);
  const text = details.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new AlpesError('invalid-input', text, { details });
}

/** What breaks several rules at once is named once, with the first of them. */
function uniqueByPath(details: readonly ErrorDetail[]): ErrorDetail[] {
  const first = new Map<string, ErrorDetail>();
  for (const detail of details) if (!first.has(detail.path)) first.set(detail.path, detail);
  return [...first.values()];
}

/** An unknown field is named itself, not the object that holds it. */
function detailsOf(issue: z.core.$ZodIssue, at: string): ErrorDetail[] {
  const path = [...(at === '' ? [] : [at]), ...issue.path.map(String)];
  if (issue.code !== 'unrecognized_keys') return [{ path: join(path), message: issue.message }];
  return issue.keys.slice(0, MOST_DETAILS).map((key) => ({ path: join([...path, key]), message: 'is not known here' }));
}

function join(path: readonly string[]): string {
  return path.join('.') || 'body';
}
