export { eventually, type EventuallyOptions } from './eventually.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
export type { TransportSuiteSettings, TransportUnderTest } from './transport-lab.js';
export { describeTransport } from './transport-suite.js';
export { type Gate, gate } from './gate.js';
export type { InboxStoreUnderTest } from './inbox-store-lab.js';
export { describeInboxStore } from './inbox-store-suite.js';
export type { OutboxStoreUnderTest } from './outbox-store-lab.js';
export { describeOutboxStore } from './outbox-store-suite.js';
