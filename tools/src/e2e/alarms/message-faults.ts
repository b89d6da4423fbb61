import { randomUUID } from 'node:crypto';
import { runCommand } from '../../start/whole-system.js';
import { acceptedId, anOrder, postOrder } from '../orders.js';
import { expectCode } from '../told.js';
import { type Fault, freeze, inDatabase } from './fault.js';
import { poison, publish, updated } from './messages.js';

/** A table of reporting refuses some rows, or takes its time for each. */
const trigger = (name: string, body: string): string => `
  CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$;
  CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON order_reports FOR EACH ROW EXECUTE FUNCTION ${name}()`;
const ADDRESS = 'Calle de la Espera';

/** What goes wrong with messages, and leaves orders as they are. */
export const messageFaults: readonly Fault[] = [
  {
    what: 'a message that nobody can decode',
    alarms: ['AlpesDeadLetters saga-log'],
    strike: async (system) => {
      await publish(system, [poison('crear-log')]);
      return async () =>
        expectCode(0, await runCommand(system, 'dlq', ['drop', '--subscription', 'saga-log', '--all', '--yes']));
    },
  },
  {
    what: 'an event that does not come',
    alarms: ['AlpesVersionGap'],
    strike: async (system) => {
      const orderId = randomUUID();
      await publish(system, [updated(orderId, 1), updated(orderId, 3)]);
      return () => publish(system, [updated(orderId, 2)]);
    },
  },
  {
    what: 'one of two processes that stands still',
    alarms: ['AlpesProcessDown saga-log'],
    // What it had in hand is taken over later on a busy machine.
    maybe: ['AlpesConsumerBehind saga-log', 'AlpesConsumerStandsStill saga-log'],
    strike: (system) => freeze(system, 'saga-log-2'),
  },
  {
    what: 'a lease of the outbox whose owner is not there, and that lasts, as after a clock that was wrong',
    alarms: ['AlpesOutboxWithoutRelay reporting'],
    strike: async (system) => {
      const lease = 'UPDATE messaging.lease SET owner = gen_random_uuid(), expires_at = now() + $1::interval';
      await inDatabase(system, 'reporting', lease, ['1 hour']);
      return () => inDatabase(system, 'reporting', lease, ['0']);
    },
  },
  {
    what: 'a message that can not be published',
    alarms: ['AlpesOutboxOld saga-log'],
    strike: async (system) => {
      const insert = `INSERT INTO messaging.outbox (topic, key, properties, payload) VALUES ('no-such-topic', 'a', '{}', '')`;
      await inDatabase(system, 'saga-log', insert);
      return () => inDatabase(system, 'saga-log', `DELETE FROM messaging.outbox WHERE topic = 'no-such-topic'`);
    },
  },
  {
    what: 'a message that is tried again and again',
    alarms: ['AlpesMessageWaits reporting'],
    strike: async (system) => {
      const refuse = `IF NEW.address = '${ADDRESS}' THEN RAISE EXCEPTION 'locked' USING ERRCODE = '55P03'; END IF;`;
      await inDatabase(system, 'reporting', trigger('refuse', refuse));
      await acceptedId(await postOrder(system.url, anOrder({ address: ADDRESS })));
      return () => inDatabase(system, 'reporting', 'DROP FUNCTION refuse CASCADE');
    },
  },
  {
    what: 'a database that is too slow for what comes',
    alarms: ['AlpesConsumerBehind reporting'],
    maybe: ['AlpesConsumerStandsStill reporting'],
    strike: async (system) => {
      await inDatabase(system, 'reporting', trigger('dawdle', 'PERFORM pg_sleep(0.3);'));
      return () => inDatabase(system, 'reporting', 'DROP FUNCTION dawdle CASCADE');
    },
  },
];

/** Of the log in PostgreSQL alone; in Pulsar nobody but the broker says who has a partition. */
export const partitionFault: Fault = {
  what: 'a partition whose owner is not there, and whose lease lasts',
  alarms: ['AlpesPartitionsWithoutConsumer saga-log'],
  strike: async (system) => {
    const lease = `
      UPDATE log.cursor SET owner = gen_random_uuid(), leased_until = now() + $1::interval
      WHERE subscription = 'saga-log' AND partition = 0 AND topic_id = (SELECT id FROM log.topic WHERE name = 'crear-orden')`;
    await inDatabase(system, 'broker', lease, ['1 hour']);
    return () => inDatabase(system, 'broker', lease, ['0']);
  },
};
