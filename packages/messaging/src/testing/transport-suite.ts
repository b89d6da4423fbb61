import { afterAll, afterEach, beforeAll, describe, jest } from '@jest/globals';
import { DEFAULT_TRANSPORT_SETTINGS } from '../transports/connect.js';
import { describeCrashes } from './transport-crash-suite.js';
import { describeDeclaring } from './transport-declaring-suite.js';
import { describeInspection } from './transport-inspection-suite.js';
import { type ConnectTransport, connectorOf } from './transport-connector.js';
import { createLab, type TransportSuiteSettings, type TransportUnderTest } from './transport-lab.js';
import { describeOutages } from './transport-outage-suite.js';
import { describeProperties, describePublishing, describePublishingByKey } from './transport-publishing-suite.js';
import { describeSubscriptionAtWork, describeSubscriptionThatEnds } from './transport-receiving-suite.js';
import { describeSharing } from './transport-sharing-suite.js';
import { describeNewSubscription, describeSubscriptionAmongOthers } from './transport-subscribing-suite.js';

/**
 * What every transport promises, as tests: call it in a spec, with how to start a broker. Topics have random names, so
 * the broker may be one that exists. The model is the suite that all of watermill's Pub/Subs must pass
 * (https://github.com/ThreeDotsLabs/watermill/tree/master/pubsub/tests).
 */
export function describeTransport(
  name: string,
  start: () => Promise<TransportUnderTest>,
  settings: Partial<TransportSuiteSettings> = {},
): void {
  const all = { ...DEFAULT_TRANSPORT_SETTINGS, leaseMs: 1_000, patienceMs: 15_000, lacks: {}, ...settings };
  let broker: TransportUnderTest & { readonly connectTransport: ConnectTransport };
  const { lab, cleanUp } = createLab(() => broker, all);

  // A test takes a few steps, each with its patience.
  jest.setTimeout(4 * all.patienceMs);
  describe(`the ${name} transport`, () => {
    beforeAll(async () => {
      const started = await start();
      broker = { ...started, connectTransport: await connectorOf(started.module) };
    }, 120_000);
    afterEach(cleanUp, 60_000);
    afterAll(() => broker.stop(), 60_000);

    describePublishing(lab);
    describeProperties(lab);
    describePublishingByKey(lab);
    describeNewSubscription(lab);
    describeSubscriptionAmongOthers(lab);
    describeSubscriptionAtWork(lab);
    describeSubscriptionThatEnds(lab);
    describeSharing(lab);
    describeCrashes(lab);
    describeOutages(lab);
    describeInspection(lab);
    describeDeclaring(lab);
  });
}
