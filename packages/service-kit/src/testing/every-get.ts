import { randomUUID } from 'node:crypto';

/** What every service can be asked. */
const COMMON = ['/health/ready', '/metrics', '/dead-letters', `/dead-letters/${randomUUID()}`];

/** Many messages that were handled, and some that died, beside those of the service: for a look at plans. */
export const MANY_HANDLED = `
  INSERT INTO messaging.inbox (subscription, message_id, outcome)
  SELECT CASE WHEN n % 2 = 0 THEN 'one' ELSE 'other' END, md5('inbox' || n)::uuid,
         CASE WHEN n % 1000 = 0 THEN 'dead' ELSE 'done' END
  FROM generate_series(1, 20000) AS n`;

/** Asks everything that every service can be asked, and what this one can be; each has to be answered, if with 404. */
export async function everyGet(get: (path: string) => Promise<Response>, paths: readonly string[]): Promise<void> {
  for (const path of [...COMMON, ...paths]) {
    const response = await get(path);
    await response.text();
    if (!response.ok && response.status !== 404) throw new Error(`${path} was answered ${response.status}`);
  }
}
