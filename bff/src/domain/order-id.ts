/** A UUID of version 7 begins with the milliseconds since 1970 of its making (RFC 9562, 5.7). */
const V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** An order that was accepted longer ago than this, in ms, is either there by now or never was. */
const RECENT_MS = 30_000;

/** Whether the order may have been accepted so recently that its service has not heard of it. Clocks may differ a bit. */
export function isRecent(id: string, now: Date): boolean {
  const [, high, low] = V7.exec(id) ?? [];
  if (high === undefined || low === undefined) return false;
  return Math.abs(now.getTime() - Number.parseInt(high + low, 16)) < RECENT_MS;
}
