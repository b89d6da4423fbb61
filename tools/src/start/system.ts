import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The services that may run more than once: those that nobody outside has to find at one address. */
export const scalable = ['order', 'payment', 'reporting', 'saga-log'] as const;
export type Scalable = (typeof scalable)[number];

/** Who owns a database beside the broker. The gateway is a remote party's ledger, which our simulator plays. */
export const databaseNames = [...scalable, 'bff', 'gateway'] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** The name of a database that is ours to make; the broker's log may have one too. */
export const databaseOf = (owner: string): string => `alpes_${owner.replaceAll('-', '_')}`;

/** The folder of a program, as a path from the root. */
export const folderOf = (name: string): string =>
  scalable.some((service) => service === name) ? `services/${name}` : name;

/** What is run of it, here and in its image: its `main.ts` with all that it needs, in one file. See tools/bin/lib/bundle.mjs. */
export const programOf = (name: string): string => `${folderOf(name)}/dist/bundle.js`;

/** One process to be started. */
export interface ProcessSpec {
  readonly name: string;
  /** Its program, as a path from the root. */
  readonly program: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/** What has to be known before processes can be started. */
export interface Wiring {
  readonly databases: Readonly<Record<DatabaseName, string>>;
  readonly brokerUrl: string;
  readonly replicas: Readonly<Record<Scalable, number>>;
  readonly publicHost: string;
  readonly publicPort: number;
  /** Hands out a port of the loopback interface. */
  readonly nextPort: () => number;
}

const loopback = '127.0.0.1';
/** ORDER_URL, SAGA_LOG_URL … */
const urlVariable = (name: string): string => `${name.toUpperCase().replaceAll('-', '_')}_URL`;

/** The whole system: every process with its program, port and environment. */
export function systemOf(wiring: Wiring): ProcessSpec[] {
  const services = scalable.flatMap((name) => replicasOf(name, wiring));
  const first = (name: Scalable): string => {
    const port = services.find((service) => service.program === programOf(name))?.port ?? 0;
    return `http://${loopback}:${port}`;
  };
  const urls = {
    ...Object.fromEntries(scalable.map((name) => [urlVariable(name), first(name)])),
    BFF_URL: `http://${reachableHost(wiring.publicHost)}:${wiring.publicPort}`,
  };
  const bff = {
    name: 'bff',
    program: programOf('bff'),
    port: wiring.publicPort,
    env: { HOST: wiring.publicHost, DATABASE_URL: wiring.databases.bff, BROKER_URL: wiring.brokerUrl, ...urls },
  };
  const faker = {
    name: 'client-faker',
    program: programOf('client-faker'),
    port: wiring.nextPort(),
    env: { HOST: loopback, ...urls },
  };
  return [...services, bff, faker];
}

/** Where a server that listens on every interface is reached from here, as URLs write it. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return loopback;
  return host.includes(':') ? `[${host}]` : host;
}

function replicasOf(service: Scalable, wiring: Wiring): ProcessSpec[] {
  const count = wiring.replicas[service];
  const gateway = service === 'payment' ? { GATEWAY_DATABASE_URL: wiring.databases.gateway } : {};
  return Array.from({ length: count }, (_, index) => ({
    name: count === 1 ? service : `${service}-${index + 1}`,
    program: programOf(service),
    port: wiring.nextPort(),
    env: { HOST: loopback, DATABASE_URL: wiring.databases[service], BROKER_URL: wiring.brokerUrl, ...gateway },
  }));
}
