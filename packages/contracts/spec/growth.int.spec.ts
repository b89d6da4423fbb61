import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buf, root, versions } from './released.js';

const events = 'proto/alpes/order/v1/events.proto';
const commands = 'proto/alpes/order/v1/commands.proto';
const log = 'proto/alpes/saga_log/v1/commands.proto';
const options = 'packages/messaging/proto/alpes/messaging/v1/options.proto';

/** A change of today's contract: file, what is replaced, by what. */
type Change = readonly [file: string, from: string | RegExp, to: string];

/** Changes that a release forbids, each with the words in which buf refuses it. */
const breaking: readonly (readonly [string, Change, string])[] = [
  ['another type of a field', [commands, 'int64 client_id = 2', 'string client_id = 2'], 'changed type'],
  ['a field that is gone', [commands, /\n.*\n +string address = 3;/, ''], 'was deleted'],
  ['another number of a field', [commands, 'currency = 4', 'currency = 40'], 'was deleted'],
  ['another name of a field', [commands, 'string address = 3', 'string place = 3'], 'changed name'],
  ['one where there were many', [commands, 'repeated Line lines', 'Line lines'], 'changed cardinality'],
  ['a state that is gone', [events, /\n.*\n +ORDER_STATUS_REJECTED = 3;/, ''], 'was deleted'],
  ['a message that is gone', [events, 'message OrdenActualizada', 'message OrdenCambiada'], 'was deleted'],
  ['another package', [log, 'package alpes.saga_log.v1', 'package alpes.saga_log.v2'], 'package changed'],
  ['an option that has another meaning', [options, 'consumers = 4', 'consumers = 5'], 'was deleted'],
];

/** Files that the style of our contracts forbids. */
const untidy: readonly (readonly [string, Change, string])[] = [
  ['a field in camel case', [commands, 'string address', 'string shipAddress'], 'lower_snake_case'],
  ['an enum value without its prefix', [events, 'ORDER_STATUS_PENDING', 'PENDING'], 'prefixed with "ORDER_STATUS_"'],
  ['a package without a version', [log, 'package alpes.saga_log.v1', 'package alpes.saga_log'], 'suffixed'],
];

describe('a contract only grows', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'alpes-contract-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Today's contract with one change, in a folder of its own. */
  function changed([file, from, to]: Change): string {
    const copy = mkdtempSync(join(folder, 'change-'));
    for (const part of ['buf.yaml', 'proto', 'packages/messaging/proto'])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    const before = readFileSync(join(copy, file), 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(join(copy, file), after);
    return copy;
  }

  const against = (version: string): string[] => ['breaking', 'proto', '--against', `proto/released/${version}`];

  it.each(versions)('today breaks nothing of release %s', (version) => {
    expect(buf(against(version))).toBe('');
  });

  it('today is tidy', () => {
    expect(buf(['lint'])).toBe('');
  });

  it('a further field and a further state are welcome', () => {
    const field = changed([commands, 'repeated Line lines = 5;', 'repeated Line lines = 5;\n  string note = 6;']);
    expect(buf(against('0.1'), field)).toBe('');
    const state = changed([events, 'ORDER_STATUS_REJECTED = 3;', 'ORDER_STATUS_REJECTED = 3;\n  ORDER_STATUS_X = 4;']);
    expect(buf(against('0.1'), state)).toBe('');
  });

  it.each(breaking)('refused: %s', (_what, change, words) => {
    const copy = changed(change);
    expect(() => buf(against('0.1'), copy)).toThrow(words);
  });

  it.each(untidy)('refused: %s', (_what, change, words) => {
    const copy = changed(change);
    expect(() => buf(['lint'], copy)).toThrow(words);
  });
});
