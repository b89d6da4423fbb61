import { setTimeout as delay } from 'node:timers/promises';
import { databaseUrlOf, type System } from '../../start/whole-system.js';
import { takeAway } from '../database-outage.js';
import { type Fault, freeze } from './fault.js';

const databaseAway = async (system: System, owner: string): Promise<() => Promise<void>> =>
  (await takeAway(databaseUrlOf(system, owner))).restore;

/** What is away, and what follows from that for requests and orders. */
export const outages: readonly Fault[] = [
  {
    what: 'a service that stands still, while more clients ask for what it has than are let in at a time',
    alarms: ['AlpesServiceDown reporting', 'AlpesHttpErrors bff', 'AlpesOverloaded bff'],
    strike: async (system) => {
      const thaw = await freeze(system, 'reporting');
      const stopAsking = askForReports(system);
      return async () => {
        await stopAsking();
        await thaw();
      };
    },
  },
  {
    what: 'a database that is away',
    alarms: ['AlpesNotReady saga-log', 'AlpesConsumerStandsStill saga-log'],
    // What it had in hand is tried again, and then there is much to be done.
    maybe: ['AlpesMessageWaits saga-log', 'AlpesConsumerBehind saga-log'],
    strike: (system) => databaseAway(system, 'saga-log'),
  },
  {
    what: 'a gateway that is away',
    alarms: ['AlpesGatewayErrors', 'AlpesOrdersStuck', 'AlpesErrorBudgetFast', 'AlpesErrorBudgetSlow'],
    strike: (system) => databaseAway(system, 'gateway'),
  },
];

/** More than `MAX_IN_FLIGHT` of the test. */
const CLIENTS = 60;
/** Time in ms until a client who has an answer asks again. */
const PAUSE_MS = 500;

function askForReports({ url }: System): () => Promise<void> {
  const stopping = new AbortController();
  const client = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await fetch(`${url}/report?id=01890a5d-ac96-774b-bcce-b302099a8057`).then((answer) => answer.text());
      await delay(PAUSE_MS);
    }
  };
  const asking = Promise.all(Array.from({ length: CLIENTS }, client));
  return async () => {
    stopping.abort();
    await asking;
  };
}
