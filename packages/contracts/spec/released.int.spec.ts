import { catalogue } from '@alpes/contracts';
import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import {
  examplesOf,
  goldenFile,
  type MessageDescriptor,
  releasedMessages,
  releasedRoute,
  versions,
} from './released.js';

type Messages = ReadonlyMap<string, MessageDescriptor>;

/** The messages that had no example when they were released. */
const withoutExample = (messages: Messages, examples: readonly string[]): string[] =>
  [...messages.values()]
    .filter((message) => releasedRoute(message) !== undefined && !examples.includes(message.name))
    .map(({ name }) => name);

/** Paths of the fields that an example leaves out, those of the messages within it too. */
function unsetFields(message: MessageDescriptor | undefined, json: unknown, messages: Messages, at = ''): string[] {
  return (message?.field ?? []).flatMap(({ jsonName, typeName }) => {
    const path = `${at}${jsonName}`;
    const value = (json as Record<string, unknown>)[jsonName];
    if (value === undefined) return [path];
    const inner = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'object');
    return inner.flatMap((one) => unsetFields(messages.get(typeName ?? ''), one, messages, `${path}.`));
  });
}

/** KIND_STATE_TRANSFER_EVENT → state-transfer event */
const kindOf = (kind = ''): string =>
  kind.replace('KIND_', '').toLowerCase().replace('state_transfer', 'state-transfer').replace('_', ' ');

describe.each(versions)('release %s', (version) => {
  const messages = releasedMessages(version);
  const routed = [...messages].filter(([, message]) => releasedRoute(message) !== undefined);
  const byName = new Map(routed.map(([, message]) => [message.name, message]));
  const examples = examplesOf(version);

  it('has an example of each message that a topic carries', () => {
    expect(routed.length).toBeGreaterThan(0);
    expect(withoutExample(messages, examples)).toEqual([]);
  });

  it.each(examples)('the example of %s is there as JSON and as bytes and leaves out no field', (name) => {
    expect(existsSync(goldenFile(version, name, 'bin'))).toBe(true);
    const json: unknown = JSON.parse(readFileSync(goldenFile(version, name, 'json'), 'utf8'));
    expect(unsetFields(byName.get(name), json, messages)).toEqual([]);
    expect(byName.has(name)).toBe(true);
  });

  it.each(routed)('%s keeps its topic, kind and key', (fullName, message) => {
    const contract = catalogue.contracts.find(({ type }) => `.${type}` === fullName);
    const key = message.field?.find(({ options }) => options?.['[alpes.messaging.v1.key]'] === true);
    const { topic, kind } = releasedRoute(message) ?? {};
    expect(contract).toMatchObject({ topic, kind: kindOf(kind), keyField: key?.jsonName });
  });

  it('a message without an example is noticed', () => {
    expect(withoutExample(messages, examples.slice(1))).toEqual(examples.slice(0, 1));
  });

  it('a field that an example leaves out is noticed', () => {
    const example = { orderId: 'x', clientId: '1', currency: 'EUR', lines: [{ sku: 'a', name: 'b', quantity: '1' }] };
    expect(unsetFields(byName.get('CrearOrden'), example, messages)).toEqual(['address', 'lines.unitPrice']);
  });
});
