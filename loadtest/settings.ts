function setting(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: npm run load does that`);
  return value;
}

/** A latency in ms, or nothing where none is judged. */
function limit(name: string): number | undefined {
  const value = __ENV[name];
  return value === undefined || value === '' ? undefined : Number(value);
}

/** Of the BFF. */
export const url = setting('URL');
/** Orders a minute of an ordinary time. */
export const rate = Number(setting('RATE'));
/** How long the steady test takes. */
export const seconds = Number(__ENV['SECONDS'] || '60');
export const acceptP99 = limit('ACCEPT_P99');
export const finishedP99 = limit('FINISHED_P99');
/** Where the summary is written; without it k6 shows its own. */
export const summaryFile = __ENV['SUMMARY'];
