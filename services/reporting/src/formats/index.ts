// Every format of the platform's reports, one line each. What they promise: domain/report-format.ts.
export { csv } from './csv.js';
export { json } from './json.js';
