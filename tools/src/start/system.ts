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

/** The whole system: every process with its program, port and environment. */
export function systemOf(wiring: Wiring): ProcessSpec[] {
  const services = scalable.flatMap((name) => replicasOf(name, wiring));
  const first = (name: Scalable): string => {
    const port = services.find((service) => service.program.startsWith(`services/${name}/`))?.port ?? 0;
    return `http://${loopback}:${port}`;
  };
  const urls = {
    ORDER_URL: first('order'),
    REPORTING_URL: first('reporting'),
    SAGA_LOG_URL: first('saga-log'),
    BFF_URL: `http://${reachableHost(wiring.publicHost)}:${wiring.publicPort}`,
  };
  const bff = {
    name: 'bff',
    program: 'bff/dist/main.js',
    port: wiring.publicPort,
    env: { HOST: wiring.publicHost, DATABASE_URL: wiring.databases.bff, BROKER_URL: wiring.brokerUrl, ...urls },
  };
  const faker = {
    name: 'client-faker',
    program: 'client-faker/dist/main.js',
    port: wiring.nextPort(),
    env: { HOST: loopback, ...urls },
  };
  return [...services, bff, faker];
}

/** Where a server that listens on every interface is reached from here. */
export const reachableHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? loopback : host);

function replicasOf(service: Scalable, wiring: Wiring): ProcessSpec[] {
  const count = wiring.replicas[service];
  const gateway = service === 'payment' ? { GATEWAY_DATABASE_URL: wiring.databases.gateway } : {};
  return Array.from({ length: count }, (_, index) => ({
    name: count === 1 ? service : `${service}-${index + 1}`,
    program: `services/${service}/dist/main.js`,
    port: wiring.nextPort(),
    env: { HOST: loopback, DATABASE_URL: wiring.databases[service], BROKER_URL: wiring.brokerUrl, ...gateway },
  }));
}
