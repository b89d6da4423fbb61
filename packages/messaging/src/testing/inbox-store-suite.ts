import { afterEach, beforeEach, describe } from '@jest/globals';
import { describeAttempts } from './inbox-store-attempts-suite.js';
import { describeClaim, describeClaimBesideOthers } from './inbox-store-claim-suite.js';
import { describeTheDead } from './inbox-store-dead-suite.js';
import { describeDropping, describeFates, describeRedrives } from './inbox-store-fates-suite.js';
import { describeInHand } from './inbox-store-in-hand-suite.js';
import { createInboxLab, type InboxStoreUnderTest } from './inbox-store-lab.js';

/** Holds an inbox store to its promises. `factory` is called once per test. */
export function describeInboxStore<Tx>(name: string, factory: () => Promise<InboxStoreUnderTest<Tx>>): void {
  let opened: InboxStoreUnderTest<Tx>;
  const lab = createInboxLab(() => opened);

  describe(`inbox store: ${name}`, () => {
    beforeEach(async () => {
      opened = await factory();
    });
    afterEach(() => opened.close());

    describeClaim(lab);
    describeClaimBesideOthers(lab);
    describeTheDead(lab);
    describeAttempts(lab);
    describeInHand(lab);
    describeFates(lab);
    describeRedrives(lab);
    describeDropping(lab);
  });
}
