import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { GoTools } from './go-tools.js';

/** A schema of OpenAPI, or of JSON Schema. */
interface Schema {
  readonly [keyword: string]: unknown;
}
type Schemas = Readonly<Record<string, Schema>>;

/** How kubeconform finds the schema of a resource in the folder. */
export const schemaFile = '{{ .ResourceKind }}{{ .KindSuffix }}.json';

const fileOf = (group: string, version: string, kind: string): string =>
  `${[kind, ...(group === '' ? [] : [group.split('.')[0]]), version].join('-').toLowerCase()}.json`;

/** Writes a schema for each kind of resource that Kubernetes and KEDA know, by which a field that they don't know is wrong. */
export function writeSchemas(folder: string, { swagger, definitions }: GoTools): void {
  mkdirSync(folder, { recursive: true });
  writeOwn(folder, (JSON.parse(readFileSync(swagger, 'utf8')) as { definitions: Schemas }).definitions);
  for (const file of readdirSync(definitions))
    writeCustom(folder, parse(readFileSync(join(definitions, file), 'utf8')) as CustomResourceDefinition);
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function writeOwn(folder: string, definitions: Schemas): void {
  const all = Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, strict(schema)]));
  all['io.k8s.apimachinery.pkg.api.resource.Quantity'] = { type: ['string', 'number'] };
  for (const [name, definition] of Object.entries(definitions)) {
    const kinds = (definition['x-kubernetes-group-version-kind'] ?? []) as GroupVersionKind[];
    const [only] = kinds;
    if (kinds.length !== 1 || only === undefined || only.kind.endsWith('List')) continue;
    const schema = { $ref: `#/definitions/${name}`, definitions: reachable(name, all) };
    writeFileSync(join(folder, fileOf(only.group, only.version, only.kind)), JSON.stringify(schema));
  }
}

/** A definition with all that it refers to. */
function reachable(first: string, all: Schemas): Schemas {
  const found = new Set([first]);
  for (const name of found)
    for (const [, other = ''] of JSON.stringify(all[name]).matchAll(/"#\/definitions\/([^"]+)"/g)) found.add(other);
  return Object.fromEntries([...found].map((name) => [name, all[name] ?? {}]));
}

interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

function writeCustom(folder: string, { spec }: CustomResourceDefinition): void {
  for (const { name, schema } of spec.versions) {
    const file = fileOf(spec.group, name, spec.names.kind);
    // Its metadata are every resource's, which are not described there.
    const { properties, ...rest } = strict(schema.openAPIV3Schema) as { properties: Schemas };
    const metadata = { type: 'object' };
    writeFileSync(join(folder, file), JSON.stringify({ ...rest, properties: { ...properties, metadata } }));
  }
}

const PLAIN = [
  '$ref',
  'type',
  'enum',
  'required',
  'pattern',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
];

/** What both dialects say alike; and an object has the properties that are named, and no other. */
function strict(schema: Schema): Schema {
  if (schema['format'] === 'int-or-string' || schema['x-kubernetes-int-or-string'] === true)
    return { type: ['integer', 'string'] };
  const { properties, items, additionalProperties } = schema;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...Object.fromEntries(PLAIN.filter((key) => key in schema).map((key) => [key, schema[key]])),
    ...(items === undefined ? {} : { items: strict(items as Schema) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: strict(additionalProperties as Schema) }
      : {}),
    ...(properties === undefined ? {} : propertiesOf(properties as Schemas)),
    ...(properties !== undefined && isOpen ? { additionalProperties: true } : {}),
  };
}

const propertiesOf = (properties: Schemas): Schema => ({
  properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, strict(schema)])),
  additionalProperties: false,
});
