import { AlpesError, type ErrorCode } from '@alpes/messaging';
import { z } from 'zod';
import { toProblem } from './problem.js';

/** Part of an OpenAPI document. */
export type Part = Readonly<Record<string, unknown>>;

/** What is said of a method on a path. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Part[];
  readonly requestBody?: Part;
  /** By status. */
  readonly responses: Readonly<Record<string, Part>>;
}

/** By path, as in `/orders/{id}`, and method in lower case. */
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Paths;
  readonly components: Part;
}

interface Options {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly paths: Paths;
}

/** On every answer: see requestContext. */
const commonHeaders = {
  'X-Request-Id': header('of this request', z.guid()),
  'Trace-Id': header('under which the logs tell more', z.string().regex(/^[0-9a-f]{32}$/)),
};

const problem = z.strictObject({
  type: z.string().regex(/^urn:alpes:error:[a-z-]+$/),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })),
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
});

/** A document of these paths and of those that every process has. */
export function openApi({ paths, ...info }: Options): OpenApi {
  const all = { ...paths, ...processPaths };
  return {
    openapi: '3.1.0',
    info,
    paths: mapValues(all, (methods) => mapValues(methods, withCommonHeaders)),
    components: {
      schemas: { Problem: schemaOf(problem) },
      responses: problems('method-not-allowed'),
    },
  };
}

/** The JSON Schema of what a zod schema lets pass. */
export function schemaOf(schema: z.ZodType): Part {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema);
  return rest;
}

/** Parameters of a path, query or header, each a field of the object. */
export function parameters(place: 'path' | 'query' | 'header', object: z.ZodObject): Part[] {
  const { properties = {}, required = [] } = z.toJSONSchema(object);
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: place, required: required.includes(name), schema },
  }));
}

/** A body in JSON. */
export function jsonBodyOf(schema: z.ZodType): Part {
  return { required: true, content: { 'application/json': { schema: schemaOf(schema) } } };
}

/** An answer in JSON; `more` may hold its headers and links. */
export function jsonAnswer(description: string, schema: z.ZodType, more: Part = {}): Part {
  return { description, content: { 'application/json': { schema: schemaOf(schema) } }, ...more };
}

/** What the header of an answer says; it is always there. */
export function header(description: string, schema: z.ZodType): Part {
  return { description, required: true, schema: schemaOf(schema) };
}

/** The problem documents that are answered with these codes, by their status. */
export function problems(...codes: readonly ErrorCode[]): Record<string, Part> {
  const examples = codes.map((code) => toProblem(new AlpesError(code, '')));
  return Object.fromEntries(
    examples.map(({ status, title }) => {
      const ofStatus = examples.filter((one) => one.status === status).map(({ code }) => code);
      const narrower = { properties: { status: { const: status }, code: { enum: ofStatus } } };
      const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, narrower] };
      return [
        String(status),
        { description: title, ...extra(status), content: { 'application/problem+json': { schema } } },
      ];
    }),
  );
}

function extra(status: number): Part {
  if (status === 405) return { headers: { Allow: header('the methods that the path has', z.string()) } };
  if (status === 503) return { headers: { 'Retry-After': header('seconds', z.string().regex(/^\d+$/)) } };
  return {};
}

const readiness = (status: 'ready' | 'not ready') =>
  z.strictObject({ status: z.literal(status), checks: z.record(z.string(), z.string()) });

const processPaths: Paths = {
  '/health/live': {
    get: {
      ...{ operationId: 'isLive', summary: 'Whether the process answers' },
      responses: { 200: jsonAnswer('it does', z.strictObject({ status: z.literal('live') })) },
    },
  },
  '/health/ready': {
    get: {
      ...{ operationId: 'isReady', summary: 'Whether all that it needs answers' },
      responses: {
        200: jsonAnswer('all of it', readiness('ready')),
        503: jsonAnswer('what does not is named', readiness('not ready')),
      },
    },
  },
  '/metrics': {
    get: {
      ...{ operationId: 'readMetrics', summary: 'Metrics for Prometheus' },
      responses: {
        200: { description: 'in the text format', content: { 'text/plain': { schema: { type: 'string' } } } },
      },
    },
  },
};

function withCommonHeaders({ responses, ...operation }: Operation): Operation {
  const more = (response: Part): Part => ({
    ...response,
    headers: { ...commonHeaders, ...(response['headers'] as Part) },
  });
  return { ...operation, responses: mapValues(responses, more) };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
