export { eventually, type EventuallyOptions } from './eventually.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
export type { TransportSuiteSettings, TransportUnderTest } from './transport-lab.js';
export { describeTransport } from './transport-suite.js';
export { type Gate, gate } from './gate.js';
export { describeInboxStore, type InboxStoreUnderTest } from './inbox-store-suite.js';
export { describeOutboxStore, type OutboxStoreUnderTest } from './outbox-store-suite.js';
