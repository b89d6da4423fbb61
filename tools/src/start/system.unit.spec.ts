import { describe, expect, it } from '@jest/globals';
import { databaseNames, scalable, systemOf, type DatabaseName, type Scalable } from './system.js';

const databases = Object.fromEntries(databaseNames.map((name) => [name, `postgresql://${name}`])) as Record<
  DatabaseName,
  string
>;

const one = Object.fromEntries(scalable.map((name) => [name, 1])) as Record<Scalable, number>;

function system(order: number) {
  let port = 5000;
  return systemOf({
    databases,
    brokerUrl: 'embedded:postgresql://broker',
    replicas: { ...one, order },
    publicHost: '0.0.0.0',
    publicPort: 3000,
    nextPort: () => port++,
  });
}

describe('the system', () => {
  it('is one process per service, each with its own port and no database but its own', () => {
    const processes = system(1);
    expect(processes.map(({ name }) => name)).toEqual([...scalable, 'bff', 'client-faker']);
    expect(new Set(processes.map(({ port }) => port)).size).toBe(processes.length);
    const owners = processes.filter(({ name }) => name !== 'client-faker');
    expect(owners.map(({ env }) => env['DATABASE_URL'])).toEqual(owners.map(({ name }) => `postgresql://${name}`));
    expect(processes.filter(({ env }) => env['GATEWAY_DATABASE_URL'] !== undefined).map(({ name }) => name)).toEqual([
      'payment',
    ]);
  });

  it('opens nothing but the BFF to the outside', () => {
    const open = system(1).filter(({ env }) => env['HOST'] !== '127.0.0.1');
    expect(open.map(({ name, port }) => [name, port])).toEqual([['bff', 3000]]);
  });

  it('numbers replicas, which share their database', () => {
    const replicas = system(2).filter(({ program }) => program.startsWith('services/order/'));
    expect(replicas.map(({ name }) => name)).toEqual(['order-1', 'order-2']);
    expect(new Set(replicas.map(({ env }) => env['DATABASE_URL'])).size).toBe(1);
  });

  it('tells the BFF where the services are', () => {
    const processes = system(2);
    const bff = processes.find(({ name }) => name === 'bff');
    const order = processes.find(({ name }) => name === 'order-1');
    expect(bff?.env['ORDER_URL']).toBe(`http://127.0.0.1:${order?.port}`);
    expect(bff?.env['BFF_URL']).toBe('http://127.0.0.1:3000');
  });
});
