import { afterEach, beforeEach, describe } from '@jest/globals';
import { createOutboxLab, type OutboxStoreUnderTest } from './outbox-store-lab.js';
import { describeLease } from './outbox-store-lease-suite.js';
import {
  describeAppend,
  describeLargeRows,
  describeTransactions,
  describeWaitingRows,
} from './outbox-store-rows-suite.js';

/** Holds an outbox store to its promises. `factory` is called once per test. */
export function describeOutboxStore<Tx>(name: string, factory: () => Promise<OutboxStoreUnderTest<Tx>>): void {
  let opened: OutboxStoreUnderTest<Tx>;
  const lab = createOutboxLab(() => opened);

  describe(`outbox store: ${name}`, () => {
    beforeEach(async () => {
      opened = await factory();
    });
    afterEach(() => opened.close());

    describeAppend(lab);
    describeTransactions(lab);
    describeWaitingRows(lab);
    describeLargeRows(lab);
    describeLease(lab);
  });
}
