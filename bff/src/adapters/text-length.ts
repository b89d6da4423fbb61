import type { z } from 'zod';

/** A text of at most so many characters. Zod's own `max` counts units of UTF-16, and JSON Schema, in which the text is documented, does not. */
export function atMost<Text extends z.ZodType<string>>(
  length: number,
  text: Text,
  rule: Parameters<Text['refine']>[1],
): Text {
  return text.refine((value) => Array.from(value).length <= length, rule).meta({ maxLength: length });
}
