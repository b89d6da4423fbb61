export { aRequest } from './a-request.js';
export { everyGet, MANY_HANDLED } from './every-get.js';
export { connectRaw, type RawClient } from './raw-client.js';
export { race, type Race, type Round } from './race.js';
export { createTestBed, type TestBed } from './test-bed.js';
export { startTestService, type TestService, type TestServiceOptions } from './test-service.js';
export { undocumented } from './undocumented.js';
