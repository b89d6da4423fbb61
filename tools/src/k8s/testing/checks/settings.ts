import { programsOf, type System } from '../system.js';
import { MAIN, mistake } from '../mistake.js';

/** Every variable is one that the program reads, all that it needs is there, and each value is right. */
export const settings = (system: System): string[] =>
  programsOf(system).flatMap(({ name, env }) => {
    const reader = system.readers[name];
    if (reader === undefined) return [`${name} is no program of ours`];
    const unknown = Object.keys(env).filter((variable) => !reader.variables.includes(variable));
    return [
      ...unknown.map((variable) => `${name} does not read ${variable}`),
      ...complaints(() => reader.read(env), name),
    ];
  });

function complaints(read: () => unknown, name: string): string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

export const mistakes = [
  mistake('order does not read PAYMENT_LEASE_MS', 'ConfigMap order', '/data/PAYMENT_LEASE_MS', '1'),
  mistake('bff does not read BATCH_SIZE', 'Deployment bff', `${MAIN}/env/0/name`, 'BATCH_SIZE'),
  mistake('topics does not read DATABASE_POOL', 'ConfigMap broker', '/data/DATABASE_POOL', '8'),
  mistake('ORDER_URL: is required', 'ConfigMap bff', '/data/ORDER_URL'),
  mistake('DATABASE_POOL: ', 'ConfigMap saga-log', '/data/DATABASE_POOL', 'many'),
  mistake('BROKER_PARTITIONS: ', 'ConfigMap broker', '/data/BROKER_PARTITIONS', '0'),
  mistake('there is no Secret order', 'given Secret order', ''),
  mistake('DATABASE_URL: is required', 'given Secret order', '/stringData', {}),
  mistake('set DATABASE_URL_GATEWAY', 'given Secret migrate', '/stringData/DATABASE_URL_GATEWAY'),
  mistake(
    'payment does not read GATEWAY_URL',
    'given Secret payment',
    '/stringData/GATEWAY_URL',
    'https://bank.example',
  ),
];
