export { eventually, type EventuallyOptions } from './eventually.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
