import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failuresOf, runCollection } from '../e2e/postman.js';
import { expectCode, tell } from '../e2e/told.js';
import { freePort } from '../postgres/ports.js';
import { brokerConf } from '../pulsar/broker-conf.js';
import { root } from '../start/system.js';
import { runCompiled } from '../start/testing/run-compiled.js';
import { type Compose, compose, type Container, docker, succeed } from './compose.js';

// Images may have to be built, and a machine may be busy with other things.
jest.setTimeout(900_000);

const PROGRAMS = ['order', 'payment', 'reporting', 'saga-log', 'bff', 'client-faker'];
const DATABASES = ['order-db', 'payment-db', 'reporting-db', 'saga-log-db', 'bff-db'];
const ONCE = ['topics', ...DATABASES.map((name) => name.replace(/db$/, 'migrations'))];
const MEGABYTE = 1_000_000;

const project = `alpes-test-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'alpes-containers-'));
const ledger = join(folder, 'ledger');
let system: Compose;
let url: string;
let fakerUrl: string;
beforeAll(async () => {
  execFileSync('sh', [join(root, 'deploy/compose/make-secrets.sh')]);
  const [bff, faker, pulsar] = [await freePort(), await freePort(), await freePort()];
  url = `http://127.0.0.1:${bff}`;
  fakerUrl = `http://127.0.0.1:${faker}`;
  const ports = { BFF_PORT: String(bff), FAKER_PORT: String(faker), PULSAR_HTTP_PORT: String(pulsar) };
  const variables = { ...ports, ...(await buildImages()) };
  system = compose(project, variables);
});
afterAll(async () => {
  // Where nobody can look at the containers afterwards.
  if (process.env['CI']) writeFileSync(join(tmpdir(), 'alpes-containers.log'), await system.run('logs', '--no-color'));
  await system?.run('--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '2');
  rmSync(folder, { recursive: true, force: true });
});

/** With the add-on of pulsar:// where it can be had; resolves to what the system has to be told. */
async function buildImages(): Promise<Record<string, string>> {
  const build = (env: Record<string, string>) =>
    docker(['compose', '--progress', 'plain', '--profile', '*', 'build'], { ...process.env, ...env });
  const { BROKER_URL = 'pulsar://pulsar:6650', PULSAR_CLIENT = 'download' } = process.env;
  const { code, stderr } = await build({ PULSAR_CLIENT });
  if (code === 0) {
    tell(`The containers speak to ${BROKER_URL}.`);
    return { BROKER_URL, PULSAR_CLIENT };
  }
  if (!stderr.includes('The add-on of pulsar:// can not be had')) throw new Error(stderr);
  const without = { PULSAR_CLIENT: 'none', BROKER_URL: 'ws://pulsar:8080' };
  tell('The add-on of pulsar:// can not be downloaded here: the containers speak to ws://pulsar:8080.');
  const second = await build(without);
  if (second.code !== 0) throw new Error(second.stderr);
  return without;
}

const servicesOf = (containers: readonly Container[]): string[] =>
  containers.map((container) => system.serviceOf(container)).toSorted();

const isHealthy = ({ State }: Container): boolean => State.Status === 'running' && State.Health?.Status === 'healthy';

async function isSettled(): Promise<boolean> {
  const containers = await system.containers();
  return containers.every((one) => (ONCE.includes(system.serviceOf(one)) ? one.State.ExitCode === 0 : isHealthy(one)));
}

/** Judges in a container, beside the system. */
async function reconcile(): Promise<void> {
  const args = ['node', 'tools/dist/reconcile/cli.js', '--ledger', '/ledger', '--wait', '120'];
  const said = await system.run('run', '--rm', '--no-deps', '--volume', `${ledger}:/ledger:ro`, 'tools', ...args);
  expect(said).toContain('Nothing is missing, doubled, contradictory, stuck or dead-lettered.');
  tell(said);
}

/** Places orders as `npm run faker` does. */
async function fake(orders: number, rate: string): Promise<string> {
  const numbers = ['--orders', String(orders), '--rate', rate, '--patience', '180', '--wait', '180'];
  const args = [...numbers, '--ledger', ledger, '--url', url];
  const { code, out, err } = await runCompiled('client-faker/dist/cli.js', args, { PATH: process.env['PATH'] });
  expectCode(0, { code, output: out + err });
  return out + err;
}

interface Line {
  readonly service: string;
  readonly text: string;
}

async function logs(...services: string[]): Promise<readonly Line[]> {
  const text = await system.run('logs', '--no-color', ...services);
  return text.split('\n').flatMap((line) => {
    const [, name = '', said = ''] = /^(\S+?)(?:-\d+)? +\| (.*)$/.exec(line) ?? [];
    return name === '' ? [] : [{ service: name, text: said }];
  });
}

/** What `docker stats` says, in units of 2^20 bytes as it does, for a container of less than a gigabyte. */
function megabytesOf(line: string): number {
  const [, used] = / ([\d.]+)MiB \//.exec(line) ?? [];
  return (Number(used ?? Number.NaN) * 1_048_576) / MEGABYTE;
}

const isBad = ({ text }: Line): boolean => /"level":"(error|fatal)"/.test(text);

describe('the images', () => {
  it('add at most 150 MB to the one that they begin with, and bring nothing that only compilers and tests need', async () => {
    const sizeOf = async (image: string) => Number(await succeed(['image', 'inspect', '--format', '{{.Size}}', image]));
    const [, base = ''] = /^FROM (\S+) AS runtime$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8')) ?? [];
    const baseSize = await sizeOf(base);
    for (const name of PROGRAMS) {
      const added = ((await sizeOf(`alpes/${name}:0.1.0`)) - baseSize) / MEGABYTE;
      tell(`alpes/${name} adds ${added.toFixed(0)} MB to ${base}`);
      expect(added).toBeLessThan(150);
    }
    const { code, stdout } = await docker(['run', '--rm', 'alpes/order:0.1.0', 'ls', 'node_modules']);
    expect(code).toBe(0);
    const packages = stdout.split('\n');
    expect(packages).toEqual(expect.arrayContaining(['express', 'pg', 'zod']));
    for (const absent of ['typescript', 'jest', 'prisma', 'newman']) expect(packages).not.toContain(absent);
  });

  it('say what is wrong with their settings, and end', async () => {
    const { code, stderr } = await docker(['run', '--rm', '--read-only', 'alpes/order:0.1.0']);
    expect(stderr).toMatch(
      /^order: the configuration is wrong:\n {2}BROKER_URL: is required[^]*DATABASE_URL: is required/,
    );
    expect(code).toBe(1);
  });
});

describe('docker compose', () => {
  it('gives Pulsar the settings that npm run pulsar gives it', async () => {
    const { services } = JSON.parse(await system.run('config', '--format', 'json')) as {
      services: Record<string, { environment: Record<string, string> }>;
    };
    const given = Object.entries(services['pulsar']?.environment ?? {}).flatMap(([name, value]) =>
      name.startsWith('PULSAR_PREFIX_') ? [`${name.replace('PULSAR_PREFIX_', '')}=${value}`] : [],
    );
    const ports = { binary: 0, http: 0, websocket: 0, bookie: 0, zooKeeper: 0 };
    const ours = brokerConf('', { ports, idleMs: 20_000 }).split('\n');
    const aboutPlaces = /^(brokerServicePort|webServicePort|bindAddress|advertisedAddress)=|^$/;
    expect(given.filter((line) => !aboutPlaces.test(line)).toSorted()).toEqual(
      ours.filter((line) => !aboutPlaces.test(line)).toSorted(),
    );
  });

  it('brings up one service with its database, the broker and the steps before, and nothing else', async () => {
    await system.run('up', '--detach', 'payment');
    await eventually(isSettled, { timeoutMs: 180_000, intervalMs: 500 });
    const expected = ['payment', 'payment-db', 'payment-migrations', 'pulsar', 'topics'];
    expect(servicesOf(await system.containers())).toEqual(expected);
  });

  it('brings up everything, healthy', async () => {
    const start = performance.now();
    await system.run('up', '--detach');
    await eventually(isSettled, { timeoutMs: 300_000, intervalMs: 500 });
    tell(`all healthy after ${((performance.now() - start) / 1_000).toFixed(0)} s`);
    const expected = [...PROGRAMS, ...DATABASES, ...ONCE, 'pulsar'].toSorted();
    expect(servicesOf(await system.containers())).toEqual(expected);
  });

  it('runs each without rights that it does not need, with limits and on the loopback interface', async () => {
    const containers = await system.containers();
    for (const { Name, Config, HostConfig } of containers) {
      const ports = Object.values(HostConfig.PortBindings).flat();
      expect([Name, { ...HostConfig, PortBindings: ports.map(({ HostIp }) => HostIp) }]).toEqual([
        Name,
        expect.objectContaining({
          ...{ ReadonlyRootfs: true, CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'] },
          PortBindings: ports.map(() => '127.0.0.1'),
        }),
      ]);
      expect([Name, HostConfig.Memory > 0 && HostConfig.NanoCpus > 0]).toEqual([Name, true]);
      expect([Name, Config.User]).toEqual([Name, expect.stringMatching(/^(node|postgres|10000)$/)]);
    }
  });

  it('has services that at rest take less than 120 MB of memory', async () => {
    const ids = (await system.run('ps', '--quiet', ...PROGRAMS)).trim().split('\n');
    const used = async () => {
      const said = await succeed(['stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...ids]);
      return said.trim().split('\n');
    };
    // What a start leaves behind goes once there is nothing to do.
    const atRest = await eventually(
      async () => {
        const lines = await used();
        for (const line of lines) expect([line, megabytesOf(line) < 120]).toEqual([line, true]);
        return lines;
      },
      { timeoutMs: 120_000, intervalMs: 2_000 },
    );
    tell(atRest.join('\n'));
  });
});

describe('the system in containers', () => {
  it('holds the Postman collection, and logs no error', async () => {
    expect(failuresOf(await runCollection({ url, fakerUrl }))).toEqual([]);
    expect((await logs(...PROGRAMS, ...ONCE)).filter(isBad)).toEqual([]);
  });

  it('loses and doubles nothing while a service, a database and the broker are killed and order is scaled', async () => {
    const faking = fake(600, '10/s');
    faking.catch(() => {});
    await eventually(() => readFileSync(ledger, 'utf8').split('\n').length > 50, { timeoutMs: 60_000 });
    await system.run('up', '--detach', '--no-recreate', '--scale', 'order=3', 'order');
    for (const service of ['reporting', 'payment-db', 'pulsar']) {
      await system.run('kill', '--signal', 'SIGKILL', service);
      await system.run('start', service);
      await eventually(isSettled, { timeoutMs: 180_000, intervalMs: 500 });
    }
    tell(await faking);
    await reconcile();
    const replicas = await system.containers('order');
    expect(replicas.filter(isHealthy)).toHaveLength(3);
    const containers = await system.containers();
    expect(containers.filter(({ State }) => State.OOMKilled).map(({ Name }) => Name)).toEqual([]);
  });

  it('ends a loaded service within its time, with 0', async () => {
    const faking = fake(300, '30/s');
    faking.catch(() => {});
    for (const service of ['order', 'payment', 'bff']) {
      const [container] = await system.containers(service);
      const name = container?.Name ?? '';
      const start = performance.now();
      await succeed(['stop', '--time', '10', name]);
      tell(`docker stop of ${service}: ${(performance.now() - start).toFixed(0)} ms`);
      const [stopped] = await system.containers(service);
      expect([name, stopped?.State.ExitCode]).toEqual([name, 0]);
      await succeed(['start', name]);
    }
    await faking;
  });

  it('knows everything again after down and up', async () => {
    await system.run('down', '--timeout', '15');
    await system.run('up', '--detach');
    await eventually(isSettled, { timeoutMs: 300_000, intervalMs: 500 });
    const [id = ''] = readFileSync(ledger, 'utf8').split('\n');
    const answer = await fetch(`${url}/orders/${id}`);
    expect(await answer.json()).toMatchObject({ id, status: expect.stringMatching(/APPROVED|REJECTED/) });
    await reconcile();
  });

  it('tells no secret, neither in logs nor in the settings of its containers', async () => {
    const secrets = readdirSync(join(root, 'secrets'))
      .filter((name) => name.endsWith('-password'))
      .map((name) => readFileSync(join(root, 'secrets', name), 'utf8'));
    expect(secrets).toHaveLength(DATABASES.length);
    const said = JSON.stringify([await logs(), await system.containers()]);
    for (const secret of secrets) expect(said.includes(secret)).toBe(false);
    const known = await docker(['exec', `${project}-order-1`, 'cat', '/run/secrets/url']);
    expectCode(0, { code: known.code, output: known.stderr });
    expect(secrets.some((secret) => known.stdout.includes(secret))).toBe(true);
  });
});
