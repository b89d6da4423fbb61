import { createTestDatabase, eventually, type TestDatabase } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { databaseVariable } from '../start/config.js';
import { databaseNames, root } from '../start/system.js';
import { checks } from './testing/checks/index.js';
import { hasGo } from '../go/go.js';
import { type GoTools, goTools } from './testing/go-tools.js';
import { conform } from './testing/kubeconform.js';
import { mutated } from './testing/mistake.js';
import { loadReaders } from './testing/readers.js';
import { parseManifests, render } from './testing/render.js';
import { runJob, startProgram } from './testing/run-program.js';
import { writeSchemas } from './testing/schemas.js';
import { deploymentsOf, type Program, programsOf, type System } from './testing/system.js';

// The first time kustomize and kubeconform are built.
jest.setTimeout(600_000);

const deploy = join(root, 'deploy/k8s');
const example = readFileSync(join(deploy, 'secrets.example.yaml'), 'utf8');

/** Fewest replicas by the folder that kustomize builds. */
const folders = { base: 1, 'overlays/production': 2 };
type Folder = keyof typeof folders;
const names = Object.keys(folders) as Folder[];

describe('the manifests for Kubernetes', () => {
  if (!hasGo()) {
    it.todo('are not tested, for there is no Go that builds kustomize and kubeconform');
    return;
  }

  let tools: GoTools;
  let schemas: string;
  let systems: Record<Folder, System>;

  beforeAll(async () => {
    tools = await goTools();
    schemas = mkdtempSync(join(tmpdir(), 'alpes-k8s-'));
    writeSchemas(schemas, tools);
    const [readers, given] = [await loadReaders(), parseManifests(example)];
    const entries = names.map(async (name): Promise<[Folder, System]> => {
      const manifests = parseManifests(await render(tools.kustomize, join(deploy, name)));
      return [name, { manifests, given, readers, fewest: folders[name] }];
    });
    systems = Object.fromEntries(await Promise.all(entries)) as Record<Folder, System>;
  });
  afterAll(() => rmSync(schemas, { recursive: true, force: true }));

  const conforming = (manifests: readonly unknown[]): string[] =>
    conform(tools.kubeconform, schemas, manifests.map((one) => stringify(one)).join('---\n'));
  const inProduction = (): System => systems['overlays/production'];

  it.each(names)('%s is as Kubernetes and KEDA describe their resources, and so is the example of secrets', (name) => {
    expect(conforming(systems[name].manifests)).toEqual([]);
    expect(conform(tools.kubeconform, schemas, example)).toEqual([]);
  });

  it.each([
    ['Deployment order', '/spec/template/spec/containers/0/livenessProbe/path', '/health/live'],
    ['Deployment order', '/spec/template/spec/containers/0/ports/0/containerPort', 'http'],
    ['Deployment order', '/spec/selector', undefined],
    ['Job topics', '/spec/ttl', 60],
    ['NetworkPolicy dns', '/spec/egress/0/from', []],
    ['ScaledObject order', '/spec/minReplicas', 2],
    ['ScaledObject order', '/spec/triggers/0/metadata/isPartitionedTopic', true],
    ['ScaledObject order', '/kind', 'ScalableObject'],
  ])('kubeconform refuses %s with another %s', (of, at, to) => {
    expect(conforming(mutated(inProduction().manifests, { of, at, to }))).toHaveLength(1);
  });

  describe.each(checks)('$name', ({ judge, mistakes }) => {
    it.each(names)('are right in %s', (name) => {
      expect(judge(systems[name])).toEqual([]);
    });

    it.each(mistakes)('$says, if $of has another $at', ({ says, ...change }) => {
      const { given, manifests, ...rest } = inProduction();
      const system = change.of.startsWith('given ')
        ? { ...rest, manifests, given: mutated(given, change) }
        : { ...rest, given, manifests: mutated(manifests, change) };
      expect(judge(system)).toContainEqual(expect.stringContaining(says));
    });
  });

  describe('run as processes of this machine, with their commands and variables', () => {
    let databases: Record<string, TestDatabase>;
    let broker: TestDatabase;

    beforeAll(async () => {
      broker = await createTestDatabase();
      const made = databaseNames.map(async (name) => [name, await createTestDatabase()] as const);
      databases = Object.fromEntries(await Promise.all(made));
    });
    afterAll(async () => {
      await Promise.all([broker, ...Object.values(databases)].map((database) => database.drop()));
    });

    const urlOf = (name: string): string => databases[name]?.url ?? '';
    /** What is elsewhere on this machine: databases, the broker, and its authority. */
    const here = ({ name, env }: Program): Record<string, string> => ({
      ...{ BROKER_URL: `embedded:${broker.url}`, BROKER_TLS_CA: '' },
      ...('DATABASE_URL' in env ? { DATABASE_URL: urlOf(name) } : {}),
      ...('GATEWAY_DATABASE_URL' in env ? { GATEWAY_DATABASE_URL: urlOf('gateway') } : {}),
      ...Object.fromEntries(databaseNames.map((database) => [databaseVariable(database), urlOf(database)])),
    });

    it('the jobs succeed, then every service answers its probes, and stops as it is told', async () => {
      for (const job of programsOf(inProduction()).filter(({ kind }) => kind === 'Job'))
        expect(await runJob(job, here(job))).toMatchObject({ code: 0 });
      for (const program of deploymentsOf(inProduction())) {
        const running = await startProgram(program, here(program));
        const { startupProbe, livenessProbe, readinessProbe } = program.container;
        for (const probe of [startupProbe, livenessProbe, readinessProbe])
          await eventually(async () => (await running.ask(probe?.httpGet.path ?? '')) === 200, {
            ...{ timeoutMs: 60_000, intervalMs: 50, what: `${program.name} answers ${probe?.httpGet.path}` },
          });
        expect(await running.ask('/metrics')).toBe(200);
        expect(await running.ask('/healthz')).toBe(404);
        expect(await running.stop()).toBe(0);
      }
    });
  });
});
