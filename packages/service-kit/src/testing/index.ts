export { aRequest } from './a-request.js';
export { createTestBed, type TestBed } from './test-bed.js';
export { startTestService, type TestService, type TestServiceOptions } from './test-service.js';
