import { catalogue } from '@alpes/contracts';
import { fromBinary, fromJsonString, toBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { examplesOf, goldenFile, versions } from './released.js';

describe.each(versions)('the examples of release %s', (version) => {
  const names = examplesOf(version);
  const read = (name: string) => {
    const contract = catalogue.contracts.find(({ schema }) => schema.name === name);
    if (contract === undefined) throw new Error(`${name} was released, but no topic carries it any more`);
    const json = readFileSync(goldenFile(version, name, 'json'), 'utf8');
    return { schema: contract.schema, json, bytes: new Uint8Array(readFileSync(goldenFile(version, name, 'bin'))) };
  };

  it.each(names)('%s: the released bytes mean today what they meant then', (name) => {
    const { schema, json, bytes } = read(name);
    expect(toJson(schema, fromBinary(schema, bytes))).toEqual(JSON.parse(json));
  });

  it.each(names)('%s: the same content is written as the same bytes', (name) => {
    const { schema, json, bytes } = read(name);
    expect(new Uint8Array(toBinary(schema, fromJsonString(schema, json)))).toEqual(bytes);
  });
});
