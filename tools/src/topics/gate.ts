import type { HeldSchema, MessageSchema } from '@alpes/messaging';
import { type Break, findBreaks } from './breaks.js';

/**
 * What speaks against registering `ours`, of which the broker holds these versions, oldest first: nothing if it only adds
 * to the latest. Whoever goes back to what was registered before registers nothing, and is let through if the latest only
 * adds to that. Pulsar itself lets through whatever has the same name.
 */
export async function problemsOf(ours: MessageSchema, held: readonly HeldSchema[]): Promise<string[]> {
  const latest = held.at(-1);
  if (latest === undefined) return [];
  const { version, type, schema } = latest;
  if (schema?.message !== ours.message) {
    const what = schema === undefined ? `a schema of the type ${type}` : `the message ${schema.message}`;
    return [`is not what version ${version} is, which the broker holds: ${what}`];
  }
  const same = held.findLast((one) => one.schema !== undefined && isSame(one.schema, ours));
  if (same === latest) return [];
  if (same === undefined) {
    const breaks = await findBreaks(ours.descriptors, schema.descriptors);
    return breaks.map((one) => `breaks version ${version}, which the broker holds: ${textOf(one)}`);
  }
  const breaks = await findBreaks(schema.descriptors, ours.descriptors);
  return breaks.map(
    (one) => `is version ${same.version}, which version ${version} on the broker breaks: ${textOf(one)}`,
  );
}

function isSame(one: MessageSchema, other: MessageSchema): boolean {
  return one.file === other.file && Buffer.compare(one.descriptors, other.descriptors) === 0;
}

const textOf = ({ text, rule, file }: Break): string =>
  `${text} (${file === undefined ? '' : `${file}, `}rule ${rule})`;
