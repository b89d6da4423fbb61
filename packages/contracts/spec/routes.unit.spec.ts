import { catalogue } from '@alpes/contracts';
import { describe, expect, it } from '@jest/globals';

/** message, kind, topic, producers, consumers */
const flow = [
  ['CrearOrden', 'command', 'crear-orden', ['bff'], ['order', 'saga-log']],
  ['OrdenCreada', 'integration event', 'orden-creada', ['order'], ['payment', 'reporting', 'saga-log']],
  [
    'TransaccionProcesada',
    'state-transfer event',
    'transaccion-creada',
    ['payment'],
    ['order', 'reporting', 'saga-log'],
  ],
  ['OrdenActualizada', 'integration event', 'orden-actualizada', ['order'], ['reporting', 'saga-log']],
  ['CrearLog', 'command', 'crear-log', ['order', 'payment', 'reporting'], ['saga-log']],
] as const;

describe('the catalogue', () => {
  it.each(flow)('%s, a %s, travels on topic %s', (name, kind, topic, producers, consumers) => {
    const contract = catalogue.contracts.find(({ schema }) => schema.name === name);
    expect(contract).toMatchObject({ kind, topic, keyField: 'orderId', producers, consumers });
  });

  it('has these messages and no others', () => {
    expect(catalogue.contracts.map(({ schema }) => schema.name).toSorted()).toEqual(
      flow.map(([name]) => name).toSorted(),
    );
  });

  it('gives every consumer a subscription of its name and a dead-letter topic', () => {
    const topology = catalogue.topology();
    for (const [, , topic, , consumers] of flow) {
      expect(topology).toContainEqual({ topic, subscriptions: consumers });
      for (const consumer of consumers)
        expect(topology).toContainEqual({ topic: `${topic}-${consumer}-DLQ`, subscriptions: [], partitions: 1 });
    }
    expect(topology).toHaveLength(flow.length + flow.flatMap(([, , , , consumers]) => consumers).length);
  });
});
