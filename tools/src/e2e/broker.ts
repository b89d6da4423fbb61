import type { Transport } from '@alpes/messaging';
import { testPulsar } from '@alpes/messaging/testing';
import { brokerSettings, connectBroker, readConfig } from '@alpes/service-kit';
import { takeAway } from './database-outage.js';
import type { System } from '../start/whole-system.js';

/** Connects to the broker of a system, whichever that is. */
export function connectBrokerOf(system: System): Transport {
  return connectBroker(readConfig(brokerSettings, { ...system.env, BROKER_URL: system.state().brokerUrl }));
}

/** Takes the broker of a system away, as its death would, until `restore` is called. */
export function takeBrokerAway(system: System): Promise<{ restore: () => Promise<void> }> {
  const log = system.state().databases['broker'];
  return log === undefined ? testPulsar().takeAway() : takeAway(log);
}
